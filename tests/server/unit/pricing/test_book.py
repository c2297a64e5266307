from decimal import Decimal

import pytest

from agentops_server.domain.clock import decode_time
from agentops_server.domain.event import Usage
from agentops_server.domain.money import encode_money
from agentops_server.pricing.book import PriceBook
from tests.server.making import NOON_NS

BOOK = PriceBook()


def price(model: str, at: str = "2026-11-20T12:00:00Z", tokens: tuple[int, int] = (1000, 500)) -> Decimal:
    found = BOOK.find_price(model, Usage(*tokens), decode_time(at))
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
    assert BOOK.find_price(model, Usage(1000, 500), NOON_NS) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(1000, None), Usage(None, 500)])
def test_a_missing_token_count_has_no_price(usage: Usage) -> None:
    assert BOOK.find_price("gpt-4o", usage, NOON_NS) is None


def test_a_price_names_the_book_it_is_from() -> None:
    found = BOOK.find_price("gpt-4o", Usage(1, 1), NOON_NS)
    assert found is not None
    assert found.version.startswith("genai-prices ")
