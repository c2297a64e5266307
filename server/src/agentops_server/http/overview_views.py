"""The JSON of the overview of a project and of the search in it."""

import msgspec


class FoundView(msgspec.Struct):
    """An event that was found, and the recorded text around the first word."""

    session_id: str
    event_id: str
    kind: str
    name: str
    init_timestamp: str
    snippet: str


class SearchView(msgspec.Struct):
    """A page of what was found, the latest first; `next_cursor` leads to the next one, null ends it.

    A page may hold less than its limit, even nothing, and not be the last one: what was corrected since is left out.
    """

    events: list[FoundView]
    next_cursor: str | None


class FoundIdsView(msgspec.Struct):
    """The events of a session that have the words, in no order. `is_cut`: there are more than an answer has."""

    event_ids: list[str]
    is_cut: bool


class SpendingView(msgspec.Struct, kw_only=True):
    """What it cost. A lower bound where a call's cost is not known (`unpriced_llms`) or rests on an estimate."""

    cost: str
    cost_is_lower_bound: bool
    unpriced_llms: int
    estimated_llms: int


class ProjectTotalsView(SpendingView, kw_only=True):
    """The sums over all sessions."""

    sessions: int
    events: int
    llms: int
    tools: int
    actions: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    cache_read_tokens: int
    uncounted_llms: int


class DayView(msgspec.Struct):
    """One day in UTC: how its sessions ended, by end state (`Running` has not), and how many errors it had."""

    day: str
    end_states: dict[str, int]
    errors: int


class DayOfModelView(SpendingView, kw_only=True):
    """The LLM calls of one model on one day."""

    day: str
    model: str | None
    llms: int
    prompt_tokens: int
    completion_tokens: int
    cache_read_tokens: int


class LatencyView(msgspec.Struct):
    """How long the LLM calls of a model took that ended; of all models where it is null. Three significant digits."""

    model: str | None
    llms: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


class OfAgentView(SpendingView, kw_only=True):
    """The events of one agent, by name; of none where it is null."""

    agent: str | None
    sessions: int
    events: int
    llms: int
    errors: int
    tokens: int


class OfTagView(SpendingView, kw_only=True):
    """The sessions with one tag."""

    tag: str
    sessions: int
    failures: int
    llms: int
    errors: int


class ErrorGroupView(msgspec.Struct):
    """The errors of one type, and the session with the last one."""

    error_type: str | None
    errors: int
    sessions: int
    last_timestamp: str
    last_session_id: str


class ExpensiveSessionView(SpendingView, kw_only=True):
    """A session and what it cost."""

    session_id: str
    name: str
    init_timestamp: str


class OverviewView(msgspec.Struct):
    """What the sessions come to that started in the time asked for.

    Everything that was received before `as_of` is in the figures; null: not known yet, for the server has just started.
    Agents, tags, types of errors and sessions are the fifty that matter most. A part that was not asked for is null.
    """

    as_of: str | None
    totals: ProjectTotalsView | None = None
    days: list[DayView] | None = None
    models: list[DayOfModelView] | None = None
    latencies: list[LatencyView] | None = None
    agents: list[OfAgentView] | None = None
    tags: list[OfTagView] | None = None
    errors: list[ErrorGroupView] | None = None
    expensive: list[ExpensiveSessionView] | None = None


SHAPES = (SearchView, FoundIdsView, OverviewView)
