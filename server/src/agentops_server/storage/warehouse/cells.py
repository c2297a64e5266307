"""Cells, the smallest sums over a session's events, and what is added up from them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, TypeVar
from uuid import UUID

import msgspec

from agentops_server.domain.event import Kind
from agentops_server.domain.money import encode_money, sum_money
from agentops_server.storage.warehouse.rows import NO_ID

_KINDS = frozenset(Kind)


class Cell(msgspec.Struct, frozen=True):
    """The events of one session that agree in everything that sums are wanted by."""

    session_id: UUID
    participant_id: UUID
    kind: str
    day: int
    model: str
    agent_id: UUID
    tool: str
    """The name of the tool, of calls of one; else empty."""
    error_type: str
    events: int
    input_sum: int | None
    output_sum: int | None
    cache_read_tokens: int
    known_cost: str | None
    """The sum of the costs that are known, in US dollars; None where none is."""
    priced: int
    """How many events have a cost."""
    counted: int
    """How many events have both token counts."""
    estimates: int
    durations: dict[int, int]
    last_ns: int
    recorded: int
    received: int
    ids: list[UUID] = []
    """Of the events, where they were asked for; not all of them where they are very many."""

    @property
    def list(self) -> str:
        """Its kind, where everything that is no LLM call, tool call or error is an action."""
        return self.kind if self.kind in _KINDS else Kind.ACTION

    @property
    def prompt_tokens(self) -> int:
        """The tokens of the inputs, as far as they were counted."""
        return self.input_sum or 0

    @property
    def completion_tokens(self) -> int:
        """The tokens of the outputs, as far as they were counted."""
        return self.output_sum or 0

    @property
    def unpriced(self) -> int:
        """The LLM calls without a cost."""
        return self.events - self.priced if self.kind == Kind.LLM else 0

    @property
    def uncounted(self) -> int:
        """The LLM calls that miss a token count."""
        return self.events - self.counted if self.kind == Kind.LLM else 0

    @property
    def estimated(self) -> int:
        """The LLM calls of which a token count was estimated."""
        return self.estimates if self.kind == Kind.LLM else 0


AgentNames: TypeAlias = Mapping[tuple[UUID, UUID], str]
"""The names of agents, by session and agent."""


class ModelTotals(msgspec.Struct, frozen=True):
    """The calls of one model on one day."""

    day: int
    """Days since 1970, in UTC."""
    model: str
    llms: int
    prompt_tokens: int
    completion_tokens: int
    cache_read_tokens: int
    cost: str
    unpriced_llms: int
    uncounted_llms: int
    estimated_llms: int
    durations: dict[int, int]
    """How many calls took so many milliseconds, of those that ended; three significant digits."""


class AgentTotals(msgspec.Struct, frozen=True):
    """The events of one agent, by its name; of no agent, with an empty one."""

    agent: str
    events: int
    llms: int
    errors: int
    tokens: int
    cost: str
    unpriced_llms: int
    estimated_llms: int


class ToolTotals(msgspec.Struct, frozen=True):
    """The calls of one tool."""

    tool: str
    calls: int


class ErrorTotals(msgspec.Struct, frozen=True):
    """The errors of one type on one day."""

    day: int
    error_type: str
    errors: int
    last_ns: int


class ParticipantTotals(msgspec.Struct, frozen=True):
    """What one process recorded, by its own numbers, and how many of these events came."""

    participant_id: UUID
    recorded: int
    """The highest sequence number."""
    received: int

    @property
    def missing(self) -> int:
        """How many of the numbers up to the highest one did not come (yet)."""
        return max(0, self.recorded - self.received)


_Key = TypeVar("_Key")


def group(cells: Iterable[Cell], key: Callable[[Cell], _Key]) -> dict[_Key, list[Cell]]:
    """The cells by something that they have in common."""
    groups: dict[_Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return groups


def count(cells: Iterable[Cell], kind: Kind) -> int:
    """The events of one kind, where everything that is no LLM call, tool call or error is an action."""
    return sum(cell.events for cell in cells if cell.list == kind)


def cost_of(cells: Iterable[Cell]) -> str:
    """The sum of the known costs, exactly, in US dollars."""
    return encode_money(sum_money(Decimal(cell.known_cost) for cell in cells if cell.known_cost))


def total_by_model(cells: Sequence[Cell]) -> list[ModelTotals]:
    """The sums of each model and day."""
    calls = group((cell for cell in cells if cell.list == Kind.LLM), lambda cell: (cell.day, cell.model))
    return [
        ModelTotals(
            day,
            model,
            llms=count(own, Kind.LLM),
            prompt_tokens=sum(cell.prompt_tokens for cell in own),
            completion_tokens=sum(cell.completion_tokens for cell in own),
            cache_read_tokens=sum(cell.cache_read_tokens for cell in own),
            cost=cost_of(own),
            unpriced_llms=sum(cell.unpriced for cell in own),
            uncounted_llms=sum(cell.uncounted for cell in own),
            estimated_llms=sum(cell.estimated for cell in own),
            durations=_add_durations(own),
        )
        for (day, model), own in sorted(calls.items())
    ]


def _add_durations(cells: Iterable[Cell]) -> dict[int, int]:
    total: dict[int, int] = defaultdict(int)
    for cell in cells:
        for duration_ms, calls in cell.durations.items():
            total[duration_ms] += calls
    return dict(sorted(total.items()))


def total_by_agent(cells: Sequence[Cell], names: AgentNames) -> list[AgentTotals]:
    """The sums of each agent; one that nobody named goes by its id."""

    def name(cell: Cell) -> str:
        known = names.get((cell.session_id, cell.agent_id))
        return known or ("" if cell.agent_id == NO_ID else str(cell.agent_id))

    return [
        AgentTotals(
            agent,
            events=sum(cell.events for cell in own),
            llms=count(own, Kind.LLM),
            errors=count(own, Kind.ERROR),
            tokens=sum(cell.prompt_tokens + cell.completion_tokens for cell in own),
            cost=cost_of(own),
            unpriced_llms=sum(cell.unpriced for cell in own),
            estimated_llms=sum(cell.estimated for cell in own),
        )
        for agent, own in sorted(group(cells, name).items())
    ]


def total_by_tool(cells: Sequence[Cell]) -> list[ToolTotals]:
    """The calls of each tool."""
    calls = group((cell for cell in cells if cell.list == Kind.TOOL), lambda cell: cell.tool)
    return [ToolTotals(tool, count(own, Kind.TOOL)) for tool, own in sorted(calls.items())]


def total_by_error(cells: Sequence[Cell]) -> list[ErrorTotals]:
    """The errors of each type and day."""
    errors = group((cell for cell in cells if cell.list == Kind.ERROR), lambda cell: (cell.day, cell.error_type))
    return [
        ErrorTotals(day, error_type, count(own, Kind.ERROR), max(cell.last_ns for cell in own))
        for (day, error_type), own in sorted(errors.items())
    ]


def total_by_participant(cells: Sequence[Cell]) -> list[ParticipantTotals]:
    """What each process recorded and what came of it, of those that number their events.

    A process gives each number once, so the distinct numbers of its cells may be added.
    """
    return [
        ParticipantTotals(participant_id, max(cell.recorded for cell in own), sum(cell.received for cell in own))
        for participant_id, own in sorted(group(cells, lambda cell: cell.participant_id).items())
        if any(cell.recorded for cell in own)
    ]
