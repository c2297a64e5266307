"""Estimating token counts that nobody reported, from the messages themselves, away from any request.

An estimate is marked as one, priced like one, and gives way to whatever the client says of the call later.
"""

from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId
from agentops_server.jobs.amending import SETTLED_VERSION, SQL, Amendments, price_row
from agentops_server.jobs.characters import estimate_tokens
from agentops_server.pricing.book import PriceBook, Prices
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow, decode_rows

_LIST_UNCOUNTED = SQL.joinpath("list_uncounted.sql").read_text("utf-8")
_UNCOUNTED_CALLS = SQL.joinpath("uncounted_calls.sql").read_text("utf-8")

PAUSE_S = 1.0
# The part of one core that estimating may take.
SHARE = 0.1
SESSIONS_AT_ONCE = 100
CALLS_AT_ONCE = 100


class _Uncounted(msgspec.Struct):
    project_id: UUID
    session_id: UUID
    version: int


class Estimates:
    """Looks at the sessions whose totals say that a count is missing, each once until its totals change."""

    def __init__(self, warehouse: Warehouse, amendments: Amendments, book: PriceBook) -> None:
        self._warehouse = warehouse
        self._amendments = amendments
        self._book = book
        self._seen_version = 0

    def run(self) -> int:
        """One turn; returns how many calls were estimated."""
        parameters = {"after": self._seen_version, "limit": SESSIONS_AT_ONCE}
        sessions = decode_rows(self._warehouse.query(_LIST_UNCOUNTED, parameters), _Uncounted)
        done = 0
        for session in sessions:
            done += self._estimate(session)
            self._seen_version = session.version
        return done

    def _estimate(self, session: _Uncounted) -> int:
        parameters: Parameters = {
            "project_id": session.project_id,
            "session_id": session.session_id,
            "settled": SETTLED_VERSION,
            "limit": CALLS_AT_ONCE,
        }
        prices, done = self._book.of(ProjectId(session.project_id)), 0
        # A call that is estimated is no longer among those that are asked for.
        while rows := decode_rows(self._warehouse.query(_UNCOUNTED_CALLS, parameters), EventRow):
            self._amendments.store([estimate_row(row, prices) for row in rows])
            done += len(rows)
        return done


def estimate_row(row: EventRow, prices: Prices) -> EventRow:
    """The row with the counts that it misses estimated, where its messages are there, and priced with them."""
    input_tokens, output_tokens = row.input_tokens, row.output_tokens
    if input_tokens is None and row.prompt:
        input_tokens = max(
            estimate_tokens(row.prompt), row.usage.get("cache_read", 0) + row.usage.get("cache_write", 0)
        )
    if output_tokens is None and row.completion:
        output_tokens = max(estimate_tokens(row.completion), row.usage.get("reasoning", 0))
    estimated = msgspec.structs.replace(
        row, input_tokens=input_tokens, output_tokens=output_tokens, usage_estimated=True
    )
    return price_row(estimated, prices)
