"""What the events of sessions add up to: asked of the events, or kept as a row that was."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

import msgspec

from agentops_server.domain.event import Kind
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.storage.warehouse import cells
from agentops_server.storage.warehouse.cells import (
    AgentNames,
    AgentTotals,
    Cell,
    ErrorTotals,
    ModelTotals,
    ParticipantTotals,
    ToolTotals,
)
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import NO_ID, decode_rows, encode_rows

# The number of the rules by which rows are made. Raise it with every change of what a row says of the same events.
DERIVATION = 1

_SQL = files(__package__).joinpath("sql")
_TOTALS = _SQL.joinpath("totals.sql").read_text("utf-8")
_AGENT_NAMES = _SQL.joinpath("agent_names.sql").read_text("utf-8")
_LIST_STALE = _SQL.joinpath("list_stale.sql").read_text("utf-8")
_LIST_OUTDATED = _SQL.joinpath("list_outdated.sql").read_text("utf-8")
_SUMMED_UNTIL = _SQL.joinpath("summed_until.sql").read_text("utf-8")


class Totals(msgspec.Struct, frozen=True):
    """Sums over the events of one session. Costs are exact decimals in text, in US dollars."""

    session_id: UUID
    events: int = 0
    llms: int = 0
    tools: int = 0
    actions: int = 0
    """Everything that is not an LLM call, a tool call or an error."""
    errors: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cache_read_tokens: int = 0
    cost: str = "0"
    unpriced_llms: int = 0
    """LLM calls whose cost nobody knows."""
    uncounted_llms: int = 0
    """LLM calls that miss a token count."""
    estimated_llms: int = 0
    """LLM calls of which a token count was estimated."""
    last_ns: int = 0
    by_model: list[ModelTotals] = []
    by_agent: list[AgentTotals] = []
    by_tool: list[ToolTotals] = []
    by_error: list[ErrorTotals] = []
    participants: list[ParticipantTotals] = []

    @property
    def agent_names(self) -> list[str]:
        """The names of the agents that recorded something."""
        return [part.agent for part in self.by_agent if part.agent]

    @property
    def total_cost(self) -> Decimal:
        """The sum of the known costs, in US dollars."""
        return Decimal(self.cost)

    @property
    def cost_is_lower_bound(self) -> bool:
        """Whether the session may have cost more: a cost is unknown or an estimate, or an event did not come."""
        return self.unpriced_llms > 0 or self.estimated_llms > 0 or self.missing_events > 0

    @property
    def missing_events(self) -> int:
        """How many numbers of its participants did not come (yet)."""
        return sum(participant.missing for participant in self.participants)


class TotalsRow(Totals, frozen=True, kw_only=True):
    """A row of ``session_totals``."""

    project_id: UUID
    version: int
    as_of_ns: int
    derivation: int


class SummedUntil(msgspec.Struct):
    """A row of ``summed_until``."""

    as_of_ns: int


class _AgentName(msgspec.Struct):
    session_id: UUID
    agent_id: UUID
    name: str


class _SessionKey(msgspec.Struct):
    project_id: UUID
    session_id: UUID


def sum_events(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId], *, are_large: bool = False
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions, from their events; of one without events, zeros.

    Args:
        warehouse: Where to ask.
        project_id: Whose sessions.
        session_ids: Which ones.
        are_large: Whether they have so many events that more than one thread of the engine should look at them. For a
            few thousand, to share them out takes longer than to look at them.
    """
    if not session_ids:
        return {}
    found = list_cells(warehouse, project_id, session_ids, are_large=are_large)
    return add_up(warehouse, project_id, found)


def list_cells(
    warehouse: Warehouse,
    project_id: ProjectId,
    session_ids: Sequence[SessionId],
    *,
    are_large: bool = False,
    most_ids: int = 0,
) -> dict[SessionId, list[Cell]]:
    """The cells of each of these sessions, with up to this many ids of its events each."""
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    sql = _TOTALS.replace("/*THREADS*/", "0" if are_large else "1")
    sql = sql.replace("/*IDS*/", f",\n    groupArray({most_ids})(event_id) AS ids" if most_ids else "")
    rows = cells.group(decode_rows(warehouse.query(sql, parameters), Cell), lambda cell: cell.session_id)
    return {session_id: rows.get(session_id, []) for session_id in session_ids}


def add_up(
    warehouse: Warehouse, project_id: ProjectId, found: Mapping[SessionId, Sequence[Cell]]
) -> dict[SessionId, Totals]:
    """The totals of sessions from their cells, with the names of their agents, which are asked for."""
    names: AgentNames = {}
    if named := [session_id for session_id, own in found.items() if any(cell.agent_id != NO_ID for cell in own)]:
        parameters: Parameters = {"project_id": project_id, "session_ids": named}
        rows = decode_rows(warehouse.query(_AGENT_NAMES, parameters), _AgentName)
        names = {(row.session_id, row.agent_id): row.name for row in rows}
    return {session_id: _add_up(session_id, own, names) for session_id, own in found.items()}


def _add_up(session_id: SessionId, own: Sequence[Cell], names: AgentNames) -> Totals:
    return Totals(
        session_id,
        events=sum(cell.events for cell in own),
        llms=cells.count(own, Kind.LLM),
        tools=cells.count(own, Kind.TOOL),
        actions=cells.count(own, Kind.ACTION),
        errors=cells.count(own, Kind.ERROR),
        prompt_tokens=sum(cell.prompt_tokens for cell in own),
        completion_tokens=sum(cell.completion_tokens for cell in own),
        cache_read_tokens=sum(cell.cache_read_tokens for cell in own),
        cost=cells.cost_of(own),
        unpriced_llms=sum(cell.unpriced for cell in own),
        uncounted_llms=sum(cell.uncounted for cell in own),
        estimated_llms=sum(cell.estimated for cell in own),
        last_ns=max((cell.last_ns for cell in own), default=0),
        by_model=cells.total_by_model(own),
        by_agent=cells.total_by_agent(own, names),
        by_tool=cells.total_by_tool(own),
        by_error=cells.total_by_error(own),
        participants=cells.total_by_participant(own),
    )


def totals_row(project_id: ProjectId, totals: Totals, *, version: int, as_of_ns: int) -> TotalsRow:
    """The row that keeps these totals, which were asked for after every event received before `as_of_ns` was there."""
    sums = {name: getattr(totals, name) for name in Totals.__struct_fields__}
    return TotalsRow(project_id=project_id, version=version, as_of_ns=as_of_ns, derivation=DERIVATION, **sums)


def list_stale(warehouse: Warehouse, since_ns: int) -> list[tuple[ProjectId, SessionId]]:
    """The sessions of all projects that got an event at or after this time which their row may miss."""
    return _list_keys(warehouse, _LIST_STALE, {"since_ns": since_ns})


def list_outdated(warehouse: Warehouse, limit: int) -> list[tuple[ProjectId, SessionId]]:
    """Up to `limit` sessions of all projects whose row was made by other rules."""
    return _list_keys(warehouse, _LIST_OUTDATED, {"derivation": DERIVATION, "limit": limit})


def _list_keys(warehouse: Warehouse, sql: str, parameters: Parameters) -> list[tuple[ProjectId, SessionId]]:
    rows = decode_rows(warehouse.query(sql, parameters), _SessionKey)
    return [(ProjectId(row.project_id), SessionId(row.session_id)) for row in rows]


def summed_until_ns(warehouse: Warehouse) -> int:
    """Every event that was received before this time is in the row of its session; 0 where nobody noted it yet."""
    (row,) = decode_rows(warehouse.query(_SUMMED_UNTIL, {}), SummedUntil)
    return row.as_of_ns


def note_summed_until(warehouse: Warehouse, as_of_ns: int) -> None:
    """Keep what `summed_until_ns` answers."""
    warehouse.insert("summed_until", encode_rows([SummedUntil(as_of_ns)]))
