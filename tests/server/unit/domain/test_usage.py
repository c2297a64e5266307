"""Token counts in all their spellings become one usage: inclusive, never added twice, no part above its whole."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentops_server.domain.event import Bucket, Usage
from agentops_server.domain.usage import (
    _SPELLINGS,
    EXCLUSIVE,
    INCLUSIVE,
    find_count_name,
    normalise_usage,
)


def usage(basis: str = "", /, **counts: int) -> Usage:
    return normalise_usage(counts.items(), basis)


def test_input_and_output_alone() -> None:
    assert usage(prompt_tokens=10, completion_tokens=5) == Usage(10, 5)


def test_nothing_reported_is_nothing_known() -> None:
    assert normalise_usage([]) == Usage()


@pytest.mark.parametrize(
    "given",
    [
        # OpenTelemetry, OpenInference, OpenLLMetry: the input has the caches in it.
        {"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.cache_read.input_tokens": 600},
        {"llm.token_count.prompt": 1000, "llm.token_count.prompt_details.cache_read": 600},
        {"gen_ai.usage.prompt_tokens": 1000, "gen_ai.usage.cache_read_input_tokens": 600},
        # OpenAI's own object, Vercel, Langfuse.
        {"prompt_tokens": 1000, "prompt_tokens_details.cached_tokens": 600},
        {"ai.usage.inputTokens": 1000, "ai.usage.cachedInputTokens": 600},
        {"langfuse.observation.usage_details.input": 1000, "usage_details.input_cached_tokens": 600},
    ],
)
def test_every_spelling_means_the_same(given: dict[str, int]) -> None:
    assert normalise_usage(given.items()) == Usage(1000, None, {"cache_read": 600})


def test_two_spellings_of_one_count_are_not_added() -> None:
    counts = {"gen_ai.usage.cache_read.input_tokens": 600, "gen_ai.usage.details.cache_read_tokens": 600}
    assert normalise_usage({**counts, "gen_ai.usage.input_tokens": 1000}.items()).buckets == {"cache_read": 600}


def test_the_largest_of_several_counts_stands() -> None:
    assert usage(input_tokens=7, prompt_tokens=9).input_tokens == 9


def test_an_exclusive_input_gets_its_caches_added() -> None:
    found = usage(EXCLUSIVE, input_tokens=50, cache_read_input_tokens=40, cache_creation_input_tokens=10)
    assert found == Usage(100, None, {"cache_read": 40, "cache_write": 10}, EXCLUSIVE)


@pytest.mark.parametrize("basis", ["", INCLUSIVE])
def test_a_cache_larger_than_the_input_was_counted_apart_whatever_is_said(basis: str) -> None:
    found = usage(basis, input_tokens=10, cache_read_input_tokens=1000, output_tokens=5)
    assert found == Usage(1010, 5, {"cache_read": 1000}, EXCLUSIVE)


@pytest.mark.parametrize(
    ("total", "input_tokens", "basis"), [(1100, 1000, INCLUSIVE), (1500, 1400, EXCLUSIVE), (7, 1000, ""), (0, 1000, "")]
)
def test_the_total_tells_how_the_caches_were_counted(total: int, input_tokens: int, basis: str) -> None:
    found = usage(input_tokens=1000, output_tokens=100, cache_read_input_tokens=400, total_tokens=total)
    assert (found.input_tokens, found.basis) == (input_tokens, basis)


def test_reasoning_larger_than_the_output_was_counted_apart() -> None:
    assert usage(output_tokens=10, reasoning_tokens=500) == Usage(None, 510, {"reasoning": 500})


def test_the_total_tells_that_reasoning_was_counted_apart() -> None:
    found = usage(prompt_token_count=100, candidates_token_count=50, thoughts_token_count=30, total_token_count=180)
    assert (found.input_tokens, found.output_tokens) == (100, 80)


def test_reasoning_inside_of_the_output_is_not_added() -> None:
    assert usage(output_tokens=100, reasoning_tokens=60).output_tokens == 100


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"total_tokens": 15, "output_tokens": 5}, (10, 5)),
        ({"total_tokens": 15, "input_tokens": 10}, (10, 5)),
        ({"total_tokens": 15}, (None, None)),
        ({"total_tokens": 3, "output_tokens": 5}, (None, 5)),
    ],
)
def test_a_missing_count_follows_from_the_total(counts: dict[str, int], expected: Any) -> None:
    found = normalise_usage(counts.items())
    assert (found.input_tokens, found.output_tokens) == expected


@pytest.mark.parametrize(
    ("counts", "written", "hour"),
    [
        ({"cache_creation_input_tokens": 30}, 30, 0),
        ({"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}, 30, 20),
        (
            {
                "cache_creation_input_tokens": 30,
                "cache_creation.ephemeral_5m_input_tokens": 10,
                "cache_creation.ephemeral_1h_input_tokens": 20,
            },
            30,
            20,
        ),
        ({"input_cache_creation": 30, "input_cache_creation_1h": 20}, 30, 20),
    ],
)
def test_cache_writes_by_lifetime_are_parts_of_all_of_them(counts: dict[str, int], written: int, hour: int) -> None:
    buckets = normalise_usage([*counts.items(), ("input_tokens", 100)]).buckets
    assert (buckets["cache_write"], buckets.get("cache_write_1h", 0)) == (written, hour)


def test_zeros_are_left_out_but_for_requests() -> None:
    assert usage(input_tokens=1, cache_read_tokens=0, requests=0).buckets == {"requests": 0}


@pytest.mark.parametrize("name", ["", "gen_ai.usage.", "gen_ai.usage.cost", "tokens", "llm.cost.total", "Input_Tokens"])
def test_what_is_no_token_count_has_no_name(name: str) -> None:
    assert find_count_name(name) is None


def test_no_spelling_means_two_counts() -> None:
    every = [spelling for spellings in _SPELLINGS.values() for spelling in spellings]
    assert len(every) == len(set(every))


def test_every_bucket_has_a_spelling_and_is_one_itself() -> None:
    assert {find_count_name(bucket) for bucket in Bucket} == set(Bucket)


NAMES = st.sampled_from([spelling for spellings in _SPELLINGS.values() for spelling in spellings])
COUNTS = st.lists(st.tuples(NAMES, st.integers(0, 1 << 53) | st.integers(0, 30)), max_size=12)


@given(COUNTS, st.sampled_from(["", INCLUSIVE, EXCLUSIVE]))
@example([("total", 10), ("output", 5), ("cache_read", 100)], INCLUSIVE)
def test_no_count_is_negative_and_no_part_above_its_whole(counts: list[tuple[str, int]], basis: str) -> None:
    found = normalise_usage(counts, basis)
    parts = found.buckets
    assert all(number >= 0 for number in parts.values())
    if found.input_tokens is not None:
        assert found.input_tokens >= parts.get("cache_read", 0) + parts.get("cache_write", 0)
        assert found.input_tokens >= max(parts.get("audio_input", 0), parts.get("image_input", 0))
    if found.output_tokens is not None:
        assert found.output_tokens >= max(parts.get(name, 0) for name in ("reasoning", "audio_output", "image_output"))
    assert parts.get("cache_write_1h", 0) <= parts.get("cache_write", 0)
    assert parts.get("cached_audio", 0) <= min(parts.get("cache_read", 0), parts.get("audio_input", 0))


@given(COUNTS, st.sampled_from(["", INCLUSIVE, EXCLUSIVE]))
def test_the_order_of_counts_does_not_matter_and_repeating_them_neither(
    counts: list[tuple[str, int]], basis: str
) -> None:
    assert normalise_usage(reversed(counts), basis) == normalise_usage(counts * 2, basis)
