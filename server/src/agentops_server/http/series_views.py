"""The JSON of the overview over time."""

import msgspec

from agentops_server.http.overview_views import SpendingView


class StatesStepView(msgspec.Struct):
    """How the sessions ended that started in a step, by end state; `Running` has not."""

    step: int
    end_states: dict[str, int]


class SpendingStepView(SpendingView, kw_only=True):
    """What a step's sessions cost by a model, agent or tag: by none where it is null, by all others for `is_rest`."""

    step: int
    name: str | None
    is_rest: bool
    sessions: int
    llms: int
    tokens: int


class ErrorsStepView(msgspec.Struct):
    """The errors of a type in the sessions of a step: without one where it is null, of all others for `is_rest`."""

    step: int
    name: str | None
    is_rest: bool
    errors: int


class LatencyStepView(msgspec.Struct):
    """How long the LLM calls took that ended, in the sessions of a step. Three significant digits."""

    step: int
    llms: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


class SeriesView(msgspec.Struct):
    """What the sessions come to over time. Step 0 begins at `since`; steps without sessions are left out.

    The seven models, agents, tags and types of errors that matter most have their names. A part that was not asked
    for is null.
    """

    since: str
    step_s: int
    steps: int
    states: list[StatesStepView] | None = None
    models: list[SpendingStepView] | None = None
    agents: list[SpendingStepView] | None = None
    tags: list[SpendingStepView] | None = None
    errors: list[ErrorsStepView] | None = None
    latencies: list[LatencyStepView] | None = None


SHAPES = (SeriesView,)
