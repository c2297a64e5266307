"""What a cache changed about a cost, by the published prices of the day."""

from decimal import Decimal

import pytest

from agentops_server.domain.event import Usage
from agentops_server.pricing.book import PriceBook
from agentops_server.pricing.caching import CacheEffect, weigh_cache
from tests.server.making import NOON_NS

PRICES = PriceBook().common()


def weigh(model: str, usage: Usage) -> CacheEffect | None:
    return weigh_cache(PRICES, model, usage, NOON_NS)


def test_reading_saves_the_difference_to_ordinary_input() -> None:
    # gpt-4o: $2.50 a million, $1.25 out of the cache.
    effect = weigh("gpt-4o", Usage(1_000_000, 0, {"cache_read": 400_000}))
    assert effect == CacheEffect(Decimal("0.5"), Decimal(0))


def test_writing_costs_more_than_ordinary_input() -> None:
    # claude-sonnet-4: $3 a million, $0.30 out of the cache, $3.75 into it.
    effect = weigh("claude-sonnet-4-0", Usage(100_000, 0, {"cache_read": 60_000, "cache_write": 40_000}))
    assert effect == CacheEffect(Decimal("0.162"), Decimal("0.03"))


def test_a_long_input_is_weighed_at_its_own_prices() -> None:
    usage = Usage(250_000, 0, {"cache_read": 100_000})
    short = weigh("gemini-2.5-pro", Usage(150_000, 0, {"cache_read": 100_000}))
    long = weigh("gemini-2.5-pro", usage)
    assert short is not None
    assert long is not None
    assert long.saved == 2 * short.saved


def test_audio_that_was_read_counts_as_audio_without_the_cache() -> None:
    usage = Usage(1000, 0, {"cache_read": 600, "audio_input": 500, "cached_audio": 400})
    model = "gemini-2.5-flash"
    without = PRICES.price(model, Usage(1000, 0, {"audio_input": 500}), NOON_NS)
    standing = PRICES.price(model, usage, NOON_NS)
    effect = weigh(model, usage)
    assert without is not None
    assert standing is not None
    assert effect is not None
    assert effect.saved == without.amount - standing.amount > 0


@pytest.mark.parametrize("usage", [Usage(None, 5, {"cache_read": 600}), Usage(1000, None, {"cache_read": 600})])
def test_what_is_not_counted_is_not_weighed(usage: Usage) -> None:
    assert weigh("gpt-4o", usage) is None


def test_a_model_without_a_price_is_not_weighed() -> None:
    assert weigh("no-such-model-7", Usage(1000, 5, {"cache_read": 600})) is None
