"""What the events of sessions add up to: asked of the events, or kept as a row that was."""

from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

_SQL = files(__package__).joinpath("sql")
_TOTALS = _SQL.joinpath("totals.sql").read_text("utf-8")
_LIST_STALE = _SQL.joinpath("list_stale.sql").read_text("utf-8")


class Totals(msgspec.Struct, frozen=True):
    """Sums over the events of one session. Costs are exact decimals in text, in US dollars."""

    session_id: UUID
    events: int = 0
    llms: int = 0
    tools: int = 0
    errors: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: str = "0"
    unpriced_llms: int = 0
    """LLM calls whose cost nobody knows: the sum is a lower bound."""
    uncounted_llms: int = 0
    """LLM calls that miss a token count."""
    last_ns: int = 0

    @property
    def total_cost(self) -> Decimal:
        """The sum of the known costs, in US dollars."""
        return Decimal(self.cost)

    @property
    def actions(self) -> int:
        """Everything that is not an LLM call, a tool call or an error."""
        return self.events - self.llms - self.tools - self.errors


class TotalsRow(Totals, frozen=True, kw_only=True):
    """A row of ``session_totals``."""

    project_id: UUID
    version: int
    as_of_ns: int


class _SessionKey(msgspec.Struct):
    project_id: UUID
    session_id: UUID


def sum_events(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions, from the events as they are now; of one without events, zeros."""
    if not session_ids:
        return {}
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    found = {SessionId(row.session_id): row for row in decode_rows(warehouse.query(_TOTALS, parameters), Totals)}
    return {session_id: found.get(session_id, Totals(session_id)) for session_id in session_ids}


def list_stale(warehouse: Warehouse) -> list[tuple[ProjectId, SessionId]]:
    """The sessions of all projects whose row of totals is missing or may miss an event."""
    rows = decode_rows(warehouse.query(_LIST_STALE, {}), _SessionKey)
    return [(ProjectId(row.project_id), SessionId(row.session_id)) for row in rows]
