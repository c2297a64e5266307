"""The calls that a repricing is about, read in portions, and what each costs by some prices."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TypeAlias
from uuid import UUID

import msgspec

from agentops_server.domain.event import Usage
from agentops_server.jobs.amending import SETTLED_VERSION, SQL
from agentops_server.pricing.book import Price, Prices
from agentops_server.pricing.tiers import find_service_tier
from agentops_server.storage.control.repricings import Repricing
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow, decode_rows

_CALLED_MODELS = SQL.joinpath("called_models.sql").read_text("utf-8")
_PRICED_SESSIONS = SQL.joinpath("priced_sessions.sql").read_text("utf-8")
_PRICED_CALLS = SQL.joinpath("priced_calls.sql").read_text("utf-8")
_CALLS = SQL.joinpath("calls.sql").read_text("utf-8")

SESSIONS_AT_ONCE = 50
CALLS_AT_ONCE = 500


CallKey: TypeAlias = tuple[UUID, UUID]


class Call(msgspec.Struct):
    """What the price of a call depends on, and what it is."""

    session_id: UUID
    event_id: UUID
    model: str
    provider: str
    init_ns: int
    input_tokens: int | None
    output_tokens: int | None
    usage: dict[str, int]
    cost: str | None
    computed_cost: str | None
    reported_cost: str | None
    price_version: str
    attributes: dict[str, str]

    @property
    def key(self) -> CallKey:
        """Its session and its id."""
        return self.session_id, self.event_id

    def price(self, prices: Prices) -> Price | None:
        """What it costs by these prices."""
        usage = Usage(self.input_tokens, self.output_tokens, self.usage)
        return prices.price(self.model, usage, self.init_ns, self.provider, find_service_tier(self.attributes))


class _Model(msgspec.Struct):
    model: str


class _Session(msgspec.Struct):
    session_id: UUID


class Calls:
    """The calls of a project that a repricing names."""

    def __init__(self, warehouse: Warehouse, repricing: Repricing) -> None:
        self._warehouse = warehouse
        self._project_id = repricing.project_id
        times: Parameters = {
            "project_id": repricing.project_id,
            "since_ns": repricing.since_ns,
            "until_ns": repricing.until_ns,
        }
        pattern = repricing.pattern.lower() or "*"
        models = [row.model for row in decode_rows(warehouse.query(_CALLED_MODELS, times), _Model)]
        chosen = [model for model in models if fnmatchcase(model.lower(), pattern)]
        self._scope: Parameters = {**times, "models": chosen}

    def iter_portions(self) -> Iterator[Iterator[list[Call]]]:
        """The calls in portions of some sessions, each in blocks; read a portion out before the next one."""
        sessions = decode_rows(self._warehouse.query(_PRICED_SESSIONS, self._scope), _Session)
        for start in range(0, len(sessions), SESSIONS_AT_ONCE):
            yield self._iter_blocks([each.session_id for each in sessions[start : start + SESSIONS_AT_ONCE]])

    def _iter_blocks(self, session_ids: Sequence[UUID]) -> Iterator[list[Call]]:
        parameters: Parameters = {**self._scope, "session_ids": session_ids, "settled": SETTLED_VERSION}
        for lines in self._warehouse.stream(_PRICED_CALLS, parameters):
            yield decode_rows(lines, Call)

    def iter_rows(self, keys: Sequence[CallKey]) -> Iterator[list[EventRow]]:
        """These calls whole, as they are now."""
        for start in range(0, len(keys), CALLS_AT_ONCE):
            some = keys[start : start + CALLS_AT_ONCE]
            parameters: Parameters = {
                "project_id": self._project_id,
                "session_ids": sorted({session_id for session_id, _ in some}),
                "event_ids": [event_id for _, event_id in some],
            }
            for lines in self._warehouse.stream(_CALLS, parameters):
                yield decode_rows(lines, EventRow)


def is_other_price(old_cost: str | None, new: Price | None) -> bool:
    """Whether a computed cost, as it is stored, is another one than this price."""
    return (None if old_cost is None else Decimal(old_cost)) != (None if new is None else new.amount)


def standing_cost(call: Call, computed: Decimal | None) -> Decimal | None:
    """What counts as the cost of a call: what the client reported, else what was computed."""
    return computed if call.reported_cost is None else Decimal(call.reported_cost)
