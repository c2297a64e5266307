"""What providers' caches saved a session, by model."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from agentops_server.domain.event import Bucket, Usage
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.money import sum_money
from agentops_server.pricing.book import Prices
from agentops_server.pricing.caching import weigh_cache
from agentops_server.pricing.tiers import find_service_tier
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import decode_rows


class _CachedCall(msgspec.Struct):
    model: str
    provider: str
    init_ns: int
    input_tokens: int | None
    output_tokens: int | None
    usage: dict[str, int]
    attributes: dict[str, str]


@dataclass(slots=True)
class Savings:
    """What the calls of one model that used a cache come to."""

    model: str
    calls: int = 0
    read_tokens: int = 0
    written_tokens: int = 0
    saved: Decimal = Decimal(0)
    surcharge: Decimal = Decimal(0)
    unpriced_calls: int = 0
    """Those of which the price is not known: the amounts are without them."""


def list_savings(warehouse: Warehouse, prices: Prices, project_id: ProjectId, session_id: SessionId) -> list[Savings]:
    """The models of which calls used a cache, by name."""
    parameters = {"project_id": project_id, "session_id": session_id}
    found: dict[str, Savings] = {}
    for call in decode_rows(warehouse.query(read_sql("cached_calls"), parameters), _CachedCall):
        _add(found.setdefault(call.model, Savings(call.model)), call, prices)
    return sorted(found.values(), key=lambda savings: savings.model)


def _add(savings: Savings, call: _CachedCall, prices: Prices) -> None:
    savings.calls += 1
    savings.read_tokens += call.usage.get(Bucket.CACHE_READ, 0)
    savings.written_tokens += call.usage.get(Bucket.CACHE_WRITE, 0)
    usage = Usage(call.input_tokens, call.output_tokens, call.usage)
    tier = find_service_tier(call.attributes)
    if (effect := weigh_cache(prices, call.model, usage, call.init_ns, call.provider, tier)) is None:
        savings.unpriced_calls += 1
        return
    savings.saved = sum_money((savings.saved, effect.saved))
    savings.surcharge = sum_money((savings.surcharge, effect.surcharge))
