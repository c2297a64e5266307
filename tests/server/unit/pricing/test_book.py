from datetime import UTC, datetime
from decimal import Decimal

import genai_prices
import pytest

from agentops_server.domain.clock import decode_time
from agentops_server.domain.event import Usage
from agentops_server.domain.money import encode_money
from agentops_server.pricing.book import PriceBook
from tests.server.making import NOON_NS

PRICES = PriceBook().common()


def price(model: str, at: str = "2026-11-20T12:00:00Z", tokens: tuple[int, int] = (1000, 500)) -> Decimal:
    found = PRICES.price(model, Usage(*tokens), decode_time(at))
    assert found is not None
    return found.amount


def test_gpt_4o_costs_what_the_mission_says() -> None:
    assert encode_money(price("gpt-4o")) == "0.0075"


@pytest.mark.parametrize("model", ["openai/gpt-4o", "gpt-4o-2024-08-06"])
def test_a_prefix_or_a_dated_name_is_the_same_model(model: str) -> None:
    assert price(model) == price("gpt-4o")


def test_a_price_is_that_of_the_day_of_the_call() -> None:
    assert encode_money(price("o3", "2025-05-01T12:00:00Z")) == "0.03"
    assert encode_money(price("o3", "2026-11-20T12:00:00Z")) == "0.006"


def test_no_tokens_cost_nothing_and_that_is_known() -> None:
    assert price("gpt-4o", tokens=(0, 0)) == 0


@pytest.mark.parametrize("model", ["", "no-such-model-7", "nobody/no-such-model-7", "nobody/", "/", "/gpt", "a/b/c/d"])
def test_a_model_that_nobody_knows_has_no_price(model: str) -> None:
    assert PRICES.price(model, Usage(1000, 500), NOON_NS) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(1000, None), Usage(None, 500)])
def test_a_missing_token_count_has_no_price(usage: Usage) -> None:
    assert PRICES.price("gpt-4o", usage, NOON_NS) is None


def test_a_price_names_the_book_it_is_from() -> None:
    found = PRICES.price("gpt-4o", Usage(1, 1), NOON_NS)
    assert found is not None
    assert found.version.startswith("genai-prices ")


def test_a_model_that_is_not_priced_by_tokens_has_no_price() -> None:
    assert PRICES.price("whisper-1", Usage(1000, 0), NOON_NS) is None


@pytest.mark.parametrize(("tokens", "cost"), [((200_000, 1000), "0.26"), ((400_000, 1000), "1.015")])
def test_a_price_that_depends_on_the_length_of_the_context_is_that_of_the_call(
    tokens: tuple[int, int], cost: str
) -> None:
    assert encode_money(price("gemini-2.5-pro", tokens=tokens)) == cost


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-mini", "o3", "gemini-2.5-pro", "claude-sonnet-4-5", "gpt-5-nano"])
@pytest.mark.parametrize("tokens", [(1, 1), (999, 0), (0, 7), (123_457, 891), (1_000_001, 20_011)])
def test_our_sum_is_that_of_the_library(model: str, tokens: tuple[int, int]) -> None:
    usage = genai_prices.Usage(input_tokens=tokens[0], output_tokens=tokens[1])
    at = datetime(2026, 11, 20, tzinfo=UTC)
    assert price(model, tokens=tokens) == genai_prices.calc_price(usage, model, genai_request_timestamp=at).total_price
