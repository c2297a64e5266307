"""What a v2 event may say of an LLM call beside its messages, and what is dropped for which reason."""

from typing import Any

import pytest

from agentops_server.domain.event import Event, Usage

from .bodies import decode, wire_event

CALL: dict[str, Any] = {"event_type": "llms", "model": "claude-sonnet-4-5"}


def decoded(**facts: Any) -> Event:
    batch = decode(wire_event(**{**CALL, **facts}))
    assert batch.drops == []
    (event,) = batch.events
    return event


def usage(**facts: Any) -> Usage:
    found = decoded(**facts).usage
    assert found is not None
    return found


def test_the_facts_of_a_call_are_kept() -> None:
    event = decoded(
        provider="anthropic",
        finish_reasons=["stop", "length", "stop"],
        time_to_first_chunk=0.25,
        model_params={"temperature": 0.5},
        tool_definitions=[{"name": "look"}],
        attributes={"gen_ai.conversation.id": "c1", "n": 3, "none": None},
        service_tier="flex",
    )
    assert (event.provider, event.finish_reason, event.first_token_ns) == ("anthropic", "stop,length", 250_000_000)
    assert (event.model_params_json, event.tools_json) == ('{"temperature": 0.5}', '[{"name": "look"}]')
    assert event.attributes == {"gen_ai.conversation.id": "c1", "n": "3", "service_tier": "flex"}


def test_a_call_that_says_none_of_it_has_none_of_it() -> None:
    event = decoded()
    assert (event.provider, event.finish_reason, event.first_token_ns, event.attributes) == ("", "", 0, {})
    assert event.usage == Usage()


def test_one_finish_reason_may_be_a_text() -> None:
    assert decoded(finish_reasons="stop").finish_reason == "stop"


def test_attributes_are_kept_of_every_kind_of_event() -> None:
    assert decoded(event_type="tools", attributes={"a": "b"}).attributes == {"a": "b"}


def test_counts_by_the_names_of_opentelemetry() -> None:
    counts = {
        "input_tokens": 1000,
        "output_tokens": 50,
        "cache_read.input_tokens": 600,
        "cache_write.input_tokens": 100,
        "reasoning.output_tokens": 20,
    }
    assert usage(usage=counts) == Usage(1000, 50, {"cache_read": 600, "cache_write": 100, "reasoning": 20})


def test_a_providers_own_usage_object_is_taken_as_it_is() -> None:
    anthropic = {
        "input_tokens": 10,
        "cache_read_input_tokens": 500,
        "cache_creation_input_tokens": 90,
        "cache_creation": {"ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 30},
        "output_tokens": 7,
        "service_tier": "standard",
        "server_tool_use": {"web_search_requests": 2},
    }
    buckets = {"cache_read": 500, "cache_write": 90, "cache_write_1h": 30, "web_searches": 2}
    assert usage(usage=anthropic) == Usage(600, 7, buckets, "exclusive")
    openai = {
        "prompt_tokens": 1000,
        "completion_tokens": 200,
        "total_tokens": 1200,
        "prompt_tokens_details": {"cached_tokens": 600, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 150},
    }
    assert usage(usage=openai) == Usage(1000, 200, {"cache_read": 600, "reasoning": 150}, "inclusive")


def test_the_usual_counts_and_the_usage_are_one() -> None:
    found = usage(prompt_tokens=1000, completion_tokens=5, usage={"cache_read.input_tokens": 600})
    assert found == Usage(1000, 5, {"cache_read": 600})


def test_a_basis_that_is_said_counts() -> None:
    counts = {"cache_read.input_tokens": 60}
    assert usage(prompt_tokens=100, usage=counts, usage_basis="exclusive").input_tokens == 160
    assert usage(prompt_tokens=100, usage=counts, usage_basis="inclusive").input_tokens == 100


@pytest.mark.parametrize(("cache_hit", "buckets"), [(True, {"requests": 0}), (False, {}), (None, {})])
def test_a_hit_of_the_applications_cache_is_no_request(cache_hit: Any, buckets: dict[str, int]) -> None:
    assert usage(prompt_tokens=5, cache_hit=cache_hit).buckets == buckets


@pytest.mark.parametrize(
    ("facts", "reason", "named"),
    [
        ({"usage": [1]}, "invalid_tokens", "usage must"),
        ({"usage": {"input_tokens": -1}}, "invalid_tokens", "usage.input_tokens"),
        ({"usage": {"input_tokens": 1.5}}, "invalid_tokens", "usage.input_tokens"),
        ({"usage": {"input_tokens": "many"}}, "invalid_tokens", "usage.input_tokens"),
        (
            {"usage": {"prompt_tokens_details": {"cached_tokens": True}}},
            "invalid_tokens",
            "prompt_tokens_details.cached",
        ),
        ({"usage": {str(number): 1 for number in range(101)}}, "invalid_tokens", "usage must"),
        ({"usage": {"input_tokens": 1}, "usage_basis": "gross"}, "invalid_tokens", "usage_basis"),
        ({"cache_hit": "yes"}, "invalid_tokens", "cache_hit"),
        ({"time_to_first_chunk": -1}, "invalid_time", "time_to_first_chunk"),
        ({"time_to_first_chunk": "soon"}, "invalid_time", "time_to_first_chunk"),
        ({"time_to_first_chunk": True}, "invalid_time", "time_to_first_chunk"),
        ({"time_to_first_chunk": 1e300}, "invalid_time", "time_to_first_chunk"),
        ({"attributes": "a=b"}, "invalid_attributes", "attributes"),
        ({"attributes": {str(number): 1 for number in range(201)}}, "invalid_attributes", "attributes"),
        ({"attributes": {"n" * 201: 1}}, "invalid_attributes", "attributes"),
    ],
)
def test_what_cannot_be_meant_is_dropped_by_its_field(facts: dict[str, Any], reason: str, named: str) -> None:
    batch = decode(wire_event(**{**CALL, **facts}), wire_event())
    assert len(batch.events) == 1
    (drop,) = batch.drops
    assert (drop.reason, named in drop.message) == (reason, True)


def test_what_a_usage_says_that_is_no_count_is_left_out() -> None:
    assert usage(usage={"service_tier": "default", "speed": None, "x": {"y": "z"}, "input_tokens": None}) == Usage()
