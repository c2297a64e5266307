"""What a provider's cache changed about the cost of a call: what reading saved, and what writing cost more."""

from dataclasses import dataclass
from decimal import Decimal

from agentops_server.domain.event import Bucket, Usage
from agentops_server.pricing.book import Prices

_READ = frozenset({str(Bucket.CACHE_READ), str(Bucket.CACHED_AUDIO)})
_WRITTEN = frozenset({str(Bucket.CACHE_WRITE), str(Bucket.CACHE_WRITE_1H)})


@dataclass(frozen=True, slots=True)
class CacheEffect:
    """In US dollars, by the price book."""

    saved: Decimal
    """What the tokens that were read would have cost as ordinary input, less what they cost."""
    surcharge: Decimal
    """What the tokens that were written cost, less what they would have cost as ordinary input."""


def weigh_cache(
    prices: Prices, model: str, usage: Usage, at_ns: int, provider: str = "", tier: str = ""
) -> CacheEffect | None:
    """The effect on one call, priced as a whole with and without: a long input may change every price of a call.

    None where a price or a token count is not known.
    """
    costs = [
        prices.price(model, each, at_ns, provider, tier)
        for each in (usage, _without(usage, _READ), _without(usage, _WRITTEN))
    ]
    standing, unread, unwritten = costs
    if standing is None or unread is None or unwritten is None:
        return None
    return CacheEffect(unread.amount - standing.amount, standing.amount - unwritten.amount)


def _without(usage: Usage, buckets: frozenset[str]) -> Usage:
    """The same tokens, none of them in these buckets: they are ordinary input."""
    left = {name: count for name, count in usage.buckets.items() if name not in buckets}
    return Usage(usage.input_tokens, usage.output_tokens, left)
