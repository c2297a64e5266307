"""Costs worked out by hand from the providers' price lists, in US dollars per million tokens, on 2026-11-20."""

from decimal import Decimal
from typing import Any

import pytest

from agentops_server.domain.clock import decode_time
from agentops_server.domain.event import Usage
from agentops_server.pricing.book import PriceBook
from tests.server.making import NOON_NS

PRICES = PriceBook().common()


def cost(model: str, usage: Usage, at_ns: int = NOON_NS, **facts: Any) -> Decimal | None:
    found = PRICES.price(model, usage, at_ns, **facts)
    return None if found is None else found.amount


@pytest.mark.parametrize(
    ("model", "usage", "expected"),
    [
        # OpenAI gpt-4o: input 2.50, cached 1.25, output 10.
        # 400 x 2.50 + 600 x 1.25 + 500 x 10 = 1000 + 750 + 5000
        ("gpt-4o", Usage(1000, 500, {"cache_read": 600}), "0.00675"),
        # OpenAI o3: input 2, cached 0.50, output 8; reasoning is output, and not added to it.
        ("o3", Usage(1000, 2000, {"reasoning": 1900}), "0.018"),
        # OpenAI gpt-realtime: text 4 / 16, audio 32 / 64, cached 0.40, image 5.
        # 100 x 4 + 300 x 32 + 50 x 0.40 (cached audio) + 50 x 0.40 (cached text) + 20 x 16 + 80 x 64
        (
            "gpt-realtime",
            Usage(500, 100, {"audio_input": 350, "cache_read": 100, "cached_audio": 50, "audio_output": 80}),
            "0.01548",
        ),
        # OpenAI gpt-image-1: text 5, image 10, output 40. 100 x 5 + 900 x 10 + 1000 x 40
        ("gpt-image-1", Usage(1000, 1000, {"image_input": 900, "image_output": 1000}), "0.0495"),
        # OpenAI gpt-4o with a web search: 10 per thousand searches. 0.0075 + 2 x 0.01
        ("gpt-4o", Usage(1000, 500, {"web_searches": 2}), "0.0275"),
        # OpenAI text-embedding-3-small: 0.02, and no output.
        ("text-embedding-3-small", Usage(1_000_000, None), "0.02"),
        # Anthropic claude-sonnet-4-5: input 3, cache read 0.30, write 3.75 (5 minutes), 6 (1 hour), output 15.
        # 100 x 3 + 5000 x 0.30 + 200 x 3.75 + 300 x 6 + 400 x 15 = 300 + 1500 + 750 + 1800 + 6000
        (
            "claude-sonnet-4-5",
            Usage(5600, 400, {"cache_read": 5000, "cache_write": 500, "cache_write_1h": 300}),
            "0.01035",
        ),
        # The same above 200,000 tokens of input: everything at 6, 0.60, 7.50, 12 and 22.50.
        # 1000 x 6 + 198000 x 0.60 + 1001 x 7.50 + 0 + 1000 x 22.50 = 6000 + 118800 + 7507.5 + 22500
        ("claude-sonnet-4-5", Usage(200_001, 1000, {"cache_read": 198_000, "cache_write": 1001}), "0.1548075"),
        # At the threshold itself the lower tier holds: 200000 x 3 + 1000 x 15.
        ("claude-sonnet-4-5", Usage(200_000, 1000), "0.615"),
        # Anthropic claude-haiku-4-5: 1 / 5, one web search 10 per thousand.
        ("claude-haiku-4-5", Usage(1000, 100, {"web_searches": 1}), "0.0115"),
        # Google gemini-2.5-pro: 1.25 / 10, above 200,000 2.50 / 15, cached 0.25 there.
        # 100000 x 2.50 + 200000 x 0.25 + 1000 x 15 = 250000 + 50000 + 15000
        ("gemini-2.5-pro", Usage(300_000, 1000, {"cache_read": 200_000}), "0.315"),
        # Google gemini-2.5-flash: text 0.30, audio 1.00, cached audio 0.10, cached 0.03, output 2.50.
        # 100 x 0.30 + 500 x 1 + 200 x 0.10 + 200 x 0.03 + 100 x 2.50 = 30 + 500 + 20 + 6 + 250
        (
            "gemini-2.5-flash",
            Usage(1000, 100, {"audio_input": 700, "cache_read": 400, "cached_audio": 200, "reasoning": 60}),
            "0.000806",
        ),
        # xAI grok-4: 3 / 15, cached 0.75.
        ("grok-4", Usage(1000, 100, {"cache_read": 1000}), "0.00225"),
        # Mistral Large: 2 / 6.
        ("mistral-large-latest", Usage(1000, 1000), "0.008"),
        # Perplexity sonar: 1 / 1, and 12 per thousand requests.
        ("sonar", Usage(1000, 1000), "0.014"),
        ("sonar", Usage(1000, 1000, {"requests": 3}), "0.038"),
        # Together's Llama 3.3 70B by LiteLLM's name: 0.88 / 0.88.
        ("together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", Usage(1000, 1000), "0.00176"),
    ],
)
def test_a_call_costs_what_its_provider_bills(model: str, usage: Usage, expected: str) -> None:
    assert cost(model, usage) == Decimal(expected)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # DeepSeek's discount from 16:30 to 00:30 UTC: 0.135 / 0.55, else 0.27 / 1.10.
        ("2026-11-20T00:29:59Z", "0.000685"),
        ("2026-11-20T00:30:00Z", "0.00137"),
        ("2026-11-20T16:29:59.999999999Z", "0.00137"),
        ("2026-11-20T16:30:00Z", "0.000685"),
    ],
)
def test_a_price_by_the_time_of_day_is_that_of_the_call(at: str, expected: str) -> None:
    assert cost("deepseek-chat", Usage(1000, 1000), decode_time(at)) == Decimal(expected)


@pytest.mark.parametrize(
    ("tier", "expected"),
    # OpenAI gpt-5: 1.25 / 10; flex and batch cost half, priority double.
    [("", "0.00625"), ("default", "0.00625"), ("flex", "0.003125"), ("batch", "0.003125"), ("priority", "0.0125")],
)
def test_a_service_tier_has_its_own_price(tier: str, expected: str) -> None:
    assert cost("gpt-5", Usage(1000, 500), tier=tier) == Decimal(expected)


def test_a_batch_of_anthropic_costs_half() -> None:
    assert cost("claude-sonnet-4-5", Usage(1000, 1000), tier="batch") == Decimal("0.009")


def test_a_service_tier_that_has_no_listed_price_is_unknown_and_never_the_usual_one() -> None:
    assert cost("claude-sonnet-4-5", Usage(1000, 1000), tier="priority") is None


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("openai", "0.0075"),
        ("OpenAI", "0.0075"),
        ("azure.ai.openai", "0.0075"),
        ("a-gateway-of-ours", "0.0075"),
        ("ollama", None),
        ("vllm", None),
    ],
)
def test_whose_model_it_is_decides(provider: str, expected: str | None) -> None:
    found = cost("gpt-4o", Usage(1000, 500), provider=provider)
    assert found == (None if expected is None else Decimal(expected))


def test_the_version_names_the_list_and_the_model_in_it() -> None:
    found = PRICES.price("gpt-4o-2024-08-06", Usage(1, 1), NOON_NS, "azure.ai.openai")
    assert found is not None
    assert found.version.startswith("genai-prices ")
    assert found.version.endswith(" azure/gpt-4o")
    tiered = PRICES.price("gpt-5", Usage(1, 1), NOON_NS, tier="flex")
    assert tiered is not None
    assert tiered.version.endswith(" openai/gpt-5 flex")


def test_an_answer_of_the_applications_own_cache_costs_nothing_whatever_the_model() -> None:
    found = PRICES.price("no-such-model", Usage(1000, 500, {"requests": 0}), NOON_NS)
    assert found is not None
    assert (found.amount, found.version) == (Decimal(0), "cache hit")


def test_a_local_model_costs_what_nobody_knows() -> None:
    assert cost("ollama/llama3", Usage(1000, 500)) is None
