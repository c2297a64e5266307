"""Amending stored events: what is worked out about one, a price or an estimate, is written over the row that it is of.

An amended row has the version after that of the row it was made of. So it stands above that row and all its duplicates,
below every correction that the client sends, which is later by at least the time of a request, and a session's totals
are made anew from it like from any other event.

Its time of receipt stays that of the event, so a start that looks for what was received lately would not find it. Hence
the totals of its session are first marked as made by older rules: such rows are always made anew, whatever is killed.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from uuid import UUID

import msgspec

from agentops_server.domain.event import Usage
from agentops_server.domain.money import encode_money
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.pricing.book import Prices
from agentops_server.pricing.tiers import find_service_tier
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow

SQL = files(__package__).joinpath("sql")
_OUTDATE = SQL.joinpath("outdate_totals.sql").read_text("utf-8")

SETTLED_VERSION = 1 << 60
"""Rows of a lower version tell of an event that still goes on: there is nothing to work out about it yet."""


class Amendments:
    """Writes amended rows, one caller at a time."""

    def __init__(self, warehouse: Warehouse, writer: Writer) -> None:
        self._warehouse = warehouse
        self._writer = writer
        self._lock = threading.Lock()

    def apart_from(self, work: Callable[[], object]) -> Callable[[], None]:
        """The same work, but never while rows are amended: for whatever makes totals of them."""

        def run() -> None:
            with self._lock:
                work()

        return run

    def store(self, rows: Sequence[EventRow]) -> None:
        """Write rows over the ones that they were made of; done when they are in the warehouse.

        Raises:
            ServerError: It did not take them; some may be there, and doing it again does no harm.
        """
        if not rows:
            return
        amended = [msgspec.structs.replace(row, version=row.version + 1) for row in rows]
        with self._lock:
            self._outdate(rows)
            self._writer.submit(Work(rows=amended)).result()

    def _outdate(self, rows: Iterable[EventRow]) -> None:
        sessions: dict[UUID, set[UUID]] = defaultdict(set)
        for row in rows:
            sessions[row.project_id].add(row.session_id)
        for project_id, session_ids in sessions.items():
            parameters: Parameters = {"project_id": project_id, "session_ids": sorted(session_ids)}
            if kept := self._warehouse.query(_OUTDATE, parameters):
                self._warehouse.insert("session_totals", kept)


def price_row(row: EventRow, prices: Prices) -> EventRow:
    """The row with what it costs by these prices; a cost that the client reported still stands."""
    usage = Usage(row.input_tokens, row.output_tokens, row.usage)
    priced = prices.price(row.model, usage, row.init_ns, row.provider, find_service_tier(row.attributes))
    computed = None if priced is None else encode_money(priced.amount)
    return msgspec.structs.replace(
        row,
        computed_cost=computed,
        cost=computed if row.reported_cost is None else row.reported_cost,
        price_version="" if priced is None else priced.version,
    )
