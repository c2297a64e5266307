"""Spans by their own id, without their session's."""

from agentops_server.domain.ids import ProjectId
from agentops_server.errors import Invalid, NotFound
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow, decode_rows

_DIGITS = frozenset("0123456789abcdef")


def get_span(warehouse: Warehouse, project_id: ProjectId, span_id: str) -> EventRow:
    """The event of a span.

    Args:
        warehouse: Where to look.
        project_id: Whose.
        span_id: 16 hexadecimal digits.

    Raises:
        Invalid: The id is none of a span.
        NotFound: The project has no such span.
    """
    digits = span_id.lower()
    if len(digits) != 16 or not _DIGITS.issuperset(digits):
        raise Invalid("span_id must be 16 hexadecimal digits")
    parameters: Parameters = {"project_id": project_id, "span_id": digits}
    if not (rows := decode_rows(warehouse.query(read_sql("span"), parameters), EventRow)):
        raise NotFound(f"no span {digits} in this project")
    return rows[0]
