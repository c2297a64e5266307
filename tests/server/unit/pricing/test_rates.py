"""The arithmetic of prices: exact, never negative, every token once."""

from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

import genai_prices
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.domain.event import Bucket, Usage
from agentops_server.domain.price import INPUT, OUTPUT, PriceTier
from agentops_server.domain.usage import normalise_usage
from agentops_server.pricing.library import Library
from agentops_server.pricing.rates import Rates, split_usage
from tests.server.making import NOON_NS

INPUTS = (
    INPUT,
    Bucket.AUDIO_INPUT,
    Bucket.IMAGE_INPUT,
    Bucket.CACHED_AUDIO,
    Bucket.CACHE_READ,
    Bucket.CACHE_WRITE,
    Bucket.CACHE_WRITE_1H,
)
OUTPUTS = (OUTPUT, Bucket.AUDIO_OUTPUT, Bucket.IMAGE_OUTPUT, Bucket.REASONING)
TOKENS = st.integers(0, 1 << 53) | st.integers(0, 50)
BUCKETS = st.dictionaries(st.sampled_from([bucket.value for bucket in Bucket]), TOKENS, max_size=6)
PRICES = st.decimals(0, 1_000_000, places=12)
TABLES = st.dictionaries(st.sampled_from([INPUT, OUTPUT, *(bucket.value for bucket in Bucket)]), PRICES)


@given(TOKENS, TOKENS, BUCKETS)
def test_every_token_is_in_one_part(input_tokens: int, output_tokens: int, buckets: dict[str, int]) -> None:
    parts = dict(split_usage(input_tokens, output_tokens, buckets))
    assert all(number >= 0 for number in parts.values())
    assert sum(parts[unit] for unit in INPUTS) == input_tokens
    assert sum(parts[unit] for unit in OUTPUTS) == output_tokens


@given(st.lists(st.tuples(st.sampled_from([bucket.value for bucket in Bucket] + ["input", "output"]), TOKENS)))
def test_the_parts_of_a_normalised_usage_are_those_that_were_reported(counts: list[tuple[str, int]]) -> None:
    usage = normalise_usage(counts)
    if usage.input_tokens is None or usage.output_tokens is None:
        return
    parts = dict(split_usage(usage.input_tokens, usage.output_tokens, usage.buckets))
    assert parts[Bucket.CACHE_READ] + parts[Bucket.CACHED_AUDIO] == usage.buckets.get("cache_read", 0)
    assert parts[Bucket.CACHE_WRITE] + parts[Bucket.CACHE_WRITE_1H] == usage.buckets.get("cache_write", 0)


@given(TOKENS, TOKENS, BUCKETS, TABLES)
def test_a_price_is_never_negative_and_exact(
    input_tokens: int, output_tokens: int, buckets: dict[str, int], prices: dict[str, Decimal]
) -> None:
    prices = {INPUT: Decimal(1), OUTPUT: Decimal(1), **prices}
    found = Rates(prices).price(Usage(input_tokens, output_tokens, buckets))
    if found is None:
        assert buckets.get(Bucket.WEB_SEARCHES)
        return
    expected = exact_sum(input_tokens, output_tokens, buckets, prices)
    assert found >= 0
    assert abs(found - expected) <= Decimal("0.5e-18")


def exact_sum(input_tokens: int, output_tokens: int, buckets: dict[str, int], prices: dict[str, Decimal]) -> Decimal:
    """The same sum as text books write it, with 200 digits."""
    instead = {
        Bucket.CACHE_WRITE_1H: Bucket.CACHE_WRITE,
        Bucket.CACHED_AUDIO: Bucket.CACHE_READ if Bucket.CACHE_READ in prices else Bucket.AUDIO_INPUT,
    }
    with localcontext() as context:
        context.prec = 200
        total = buckets.get(Bucket.REQUESTS, 1) * prices.get(Bucket.REQUESTS, Decimal(0)) / 1000
        for unit, number in split_usage(input_tokens, output_tokens, buckets):
            whole = INPUT if unit in INPUTS else OUTPUT
            price = prices.get(unit, prices.get(instead.get(unit, whole), prices[whole]))
            total += number * price / (1000 if unit == Bucket.WEB_SEARCHES else 1_000_000)
        return total


@given(TOKENS, TOKENS, TOKENS)
def test_more_tokens_never_cost_less(first: int, second: int, output_tokens: int) -> None:
    rates = Rates(
        {INPUT: Decimal("1.25"), OUTPUT: Decimal(10)},
        [PriceTier(200_000, {INPUT: Decimal("2.5"), OUTPUT: Decimal(15)})],
    )
    costs = [rates.price(Usage(tokens, output_tokens)) for tokens in sorted((first, second))]
    assert costs[0] is not None
    assert costs[1] is not None
    assert costs[0] <= costs[1]


def test_a_tier_that_names_some_units_leaves_the_others() -> None:
    rates = Rates({INPUT: Decimal(1), OUTPUT: Decimal(2)}, [PriceTier(10, {INPUT: Decimal(3)})])
    assert rates.price(Usage(11, 1)) == Decimal("0.000035")


def test_a_unit_without_any_price_makes_the_whole_unknown() -> None:
    assert Rates({INPUT: Decimal(1), OUTPUT: Decimal(1)}).price(Usage(1, 1, {"web_searches": 1})) is None
    assert Rates({OUTPUT: Decimal(1)}).price(Usage(1, 1)) is None


def test_a_missing_count_makes_it_unknown_unless_it_has_no_price() -> None:
    both = Rates({INPUT: Decimal(1), OUTPUT: Decimal(1)})
    assert both.price(Usage(1, None)) is None
    assert both.price(Usage(None, 1)) is None
    assert Rates({INPUT: Decimal(1)}).price(Usage(2, None)) == Decimal("0.000002")


MODELS = st.sampled_from(
    ["gpt-4o", "gpt-5", "o3", "claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-pro", "gemini-2.5-flash", "grok-4"]
)


@given(MODELS, st.integers(0, 500_000), st.integers(0, 100_000), st.data())
def test_our_sum_is_that_of_the_library_for_every_bucket(
    model: str, uncached: int, output_tokens: int, data: Any
) -> None:
    read, short, hour = (data.draw(st.integers(0, 300_000)) for _ in range(3))
    if not model.startswith("claude"):
        short = hour = 0
    input_tokens = uncached + read + short + hour
    theirs = genai_prices.Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=read,
        cache_write_tokens=short + hour,
        cache_write_1h_tokens=hour,
    )
    at = datetime.fromtimestamp(NOON_NS // 10**9, UTC)
    expected = genai_prices.calc_price(theirs, model, genai_request_timestamp=at).total_price
    found = Library.bundled().find_model("", model)
    assert found is not None
    listed = found.list_prices(at, {})
    buckets = {"cache_read": read, "cache_write": short + hour, "cache_write_1h": hour}
    assert Rates(listed.prices, listed.tiers).price(Usage(input_tokens, output_tokens, buckets)) == expected
