"""What the events of sessions add up to."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows


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


def list_totals(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions; of one without events, zeros."""
    if not session_ids:
        return {}
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    rows = decode_rows(warehouse.query(read_sql("totals"), parameters), Totals)
    found = {SessionId(row.session_id): row for row in rows}
    return {session_id: found.get(session_id, Totals(session_id)) for session_id in session_ids}


def get_totals(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Totals:
    """The totals of one session."""
    return list_totals(warehouse, project_id, [session_id])[session_id]
