"""A model call in every dialect: kind, model, messages, tokens, tools."""

import json
from decimal import Decimal
from typing import Any

import pytest

from agentops_server.domain.event import Event
from tests.server.unit.wire.otlp.making import read_span

ASKED = [{"role": "system", "content": "Be terse."}, {"role": "user", "content": "Why?"}]
ANSWERED = {"role": "assistant", "content": "Because."}
PARTS = [{"role": "user", "parts": [{"type": "text", "content": "Why?"}]}]

CALLS: dict[str, tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]] = {
    "genai (a)": (
        {
            "gen_ai.system": "openai",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.prompt": json.dumps(ASKED),
            "gen_ai.completion": json.dumps([ANSWERED]),
            "gen_ai.usage.prompt_tokens": 10,
            "gen_ai.usage.completion_tokens": 5,
        },
        [],
    ),
    "genai (b)": (
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.usage.input_tokens": 10,
            "gen_ai.usage.output_tokens": 5,
        },
        [
            ("gen_ai.system.message", {"content": "Be terse."}),
            ("gen_ai.user.message", {"content": "Why?"}),
            ("gen_ai.choice", {"message": json.dumps(ANSWERED), "finish_reason": "stop", "index": 0}),
        ],
    ),
    "genai (c)": (
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.response.model": "gpt-4o",
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be terse."}]),
            "gen_ai.input.messages": json.dumps(PARTS),
            "gen_ai.output.messages": json.dumps(
                [{"role": "assistant", "parts": [{"type": "text", "content": "Because."}], "finish_reason": "stop"}]
            ),
            "gen_ai.usage.input_tokens": 10,
            "gen_ai.usage.output_tokens": 5,
        },
        [],
    ),
    "openinference": (
        {
            "openinference.span.kind": "LLM",
            "llm.model_name": "gpt-4o",
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.content": "Be terse.",
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.contents.0.message_content.type": "text",
            "llm.input_messages.1.message.contents.0.message_content.text": "Why?",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": "Because.",
            "llm.token_count.prompt": 10,
            "llm.token_count.completion": 5,
        },
        [],
    ),
    "openllmetry": (
        {
            "llm.request.type": "chat",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.prompt.0.role": "system",
            "gen_ai.prompt.0.content": "Be terse.",
            "gen_ai.prompt.1.role": "user",
            "gen_ai.prompt.1.content": "Why?",
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": "Because.",
            "gen_ai.usage.prompt_tokens": 10,
            "gen_ai.usage.completion_tokens": 5,
        },
        [],
    ),
    "langfuse": (
        {
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": "gpt-4o",
            "langfuse.observation.input": json.dumps({"messages": ASKED}),
            "langfuse.observation.output": json.dumps(ANSWERED),
            "langfuse.observation.usage_details": json.dumps({"input": 10, "output": 5}),
        },
        [],
    ),
    "vercel": (
        {
            "ai.operationId": "ai.generateText.doGenerate",
            "ai.model.id": "gpt-4o",
            "ai.prompt.messages": json.dumps(ASKED),
            "ai.response.text": "Because.",
            "ai.usage.promptTokens": 10,
            "ai.usage.completionTokens": 5,
        },
        [],
    ),
    "logfire": (
        {
            "request_data": json.dumps({"model": "gpt-4o", "messages": ASKED}),
            "response_data": json.dumps({"message": ANSWERED}),
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.usage.input_tokens": 10,
            "gen_ai.usage.output_tokens": 5,
        },
        [],
    ),
    "events of Pydantic AI": (
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-4o",
            "events": json.dumps(
                [
                    {"event.name": "gen_ai.system.message", "content": "Be terse."},
                    {"event.name": "gen_ai.user.message", "content": "Why?"},
                    {"event.name": "gen_ai.choice", "index": 0, "message": ANSWERED},
                ]
            ),
            "gen_ai.usage.input_tokens": 10,
            "gen_ai.usage.output_tokens": 5,
        },
        [],
    ),
}


def read(name: str) -> Event:
    attributes, moments = CALLS[name]
    return read_span(attributes, *moments, scope="logfire" if name == "logfire" else "").event


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_read_in_every_dialect(name: str) -> None:
    event = read(name)
    assert (event.kind, event.event_type, event.model) == ("llm", "llms", "gpt-4o")
    assert json.loads(event.prompt_json) == ASKED
    assert json.loads(event.completion_json) == ANSWERED
    assert event.usage is not None
    assert (event.usage.input_tokens, event.usage.output_tokens) == (10, 5)


@pytest.mark.parametrize("name", CALLS)
def test_nothing_of_a_call_is_there_twice(name: str) -> None:
    left = " ".join(read(name).attributes.values())
    assert "Because." not in left
    assert "Why?" not in left


def test_the_outer_span_of_the_vercel_sdk_counts_nothing() -> None:
    outer = {"ai.operationId": "ai.streamText", "ai.model.id": "gpt-4o", "ai.usage.promptTokens": 10}
    event = read_span(outer).event
    assert (event.kind, event.usage) == ("chain", None)
    assert event.attributes["ai.usage.promptTokens"] == "10"


def test_an_agent_that_repeats_usage_counts_nothing() -> None:
    told = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Ada", "gen_ai.usage.input_tokens": 10}
    record = read_span(told)
    assert (record.event.kind, record.event.name, record.event.usage) == ("agent", "Ada", None)
    assert record.agent is not None


def test_spellings_of_one_count_are_not_added() -> None:
    told = {
        **CALLS["genai (c)"][0],
        "gen_ai.usage.cache_read.input_tokens": 4,
        "gen_ai.usage.details.cache_read_tokens": 4,
    }
    usage = read_span(told).event.usage
    assert usage is not None
    assert (usage.input_tokens, usage.buckets) == (10, {"cache_read": 4})


def test_anthropic_by_sdk_0_4_counts_without_the_cache() -> None:
    told = {
        "agentops.span.kind": "llm",
        "gen_ai.system": "Anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.usage.prompt_tokens": 10,
        "gen_ai.usage.completion_tokens": 5,
        "gen_ai.usage.cache_read_input_tokens": 4,
    }
    usage = read_span(told).event.usage
    assert usage is not None
    assert usage.input_tokens == 14


def test_a_decorated_tool_of_sdk_0_4_says_what_it_costs() -> None:
    told = {"agentops.span.kind": "tool", "gen_ai.usage.total_cost": 0.05}
    assert read_span(told).event.reported_cost == Decimal("0.05")
    repeated = {"openinference.span.kind": "TOOL", "gen_ai.usage.total_cost": 0.05}
    assert read_span(repeated).event.reported_cost is None, "the sum of the calls in it"


def test_tool_calls_have_one_form() -> None:
    parts = [{"type": "tool_call", "id": "c1", "name": "find", "arguments": {"q": 1}}]
    result = [{"type": "tool_call_response", "id": "c1", "response": "found"}]
    asked = [{"role": "assistant", "parts": parts}, {"role": "tool", "parts": result}]
    event = read_span({"gen_ai.operation.name": "chat", "gen_ai.input.messages": json.dumps(asked)}).event
    function = {"name": "find", "arguments": '{"q":1}'}
    call = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": function}],
    }
    assert json.loads(event.prompt_json) == [call, {"role": "tool", "tool_call_id": "c1", "content": "found"}]


@pytest.mark.parametrize(
    ("told", "nanoseconds"),
    [
        ({"gen_ai.response.time_to_first_chunk": 0.25}, 250_000_000),
        ({"ai.response.msToFirstChunk": 12.5}, 12_500_000),
        ({"langfuse.observation.completion_start_time": '"2026-11-20T12:00:00.5Z"'}, 500_000_000),
        ({"gen_ai.response.time_to_first_chunk": "soon"}, 0),
    ],
)
def test_the_time_to_the_first_token(told: dict[str, Any], nanoseconds: int) -> None:
    assert read_span({**CALLS["openllmetry"][0], **told}).event.first_token_ns == nanoseconds


def test_what_a_call_was_given_and_told_is_kept() -> None:
    told = {
        **CALLS["genai (c)"][0],
        "gen_ai.request.temperature": 0.5,
        "gen_ai.tool.definitions": '[{"name": "find"}]',
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.cost": 0.125,
        "openai.response.service_tier": "flex",
        "shop.shelf": "B 7",
    }
    event = read_span(told).event
    assert (event.provider, event.finish_reason, str(event.reported_cost)) == ("openai", "stop", "0.125000000000000000")
    assert (json.loads(event.model_params_json), event.tools_json) == ({"temperature": 0.5}, '[{"name":"find"}]')
    assert (event.attributes["service_tier"], event.attributes["shop.shelf"]) == ("flex", "B 7")


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"agentops.span.kind": "guardrail"}, "guardrail"),
        ({"langfuse.observation.type": "retriever"}, "retriever"),
        ({"openinference.span.kind": "RERANKER"}, "reranker"),
        ({"gen_ai.operation.name": "embeddings"}, "embedding"),
        ({"gen_ai.operation.name": "search_memory"}, "memory"),
        ({"traceloop.span.kind": "workflow"}, "workflow"),
        ({"mlflow.spanType": "CHAT_MODEL"}, "llm"),
        ({"ai.operationId": "ai.toolCall"}, "tool"),
        ({"gen_ai.tool.name": "find"}, "tool"),
        ({"mcp.method.name": "tools/call"}, "tool"),
        ({"gen_ai.request.model": "gpt-4o"}, "llm"),
        ({"http.request.method": "GET"}, "http"),
        ({"db.system": "postgresql"}, "db"),
        ({}, "span"),
        # The first dialect in the table stands.
        ({"openinference.span.kind": "CHAIN", "gen_ai.operation.name": "chat"}, "chain"),
        ({"agentops.span.kind": "tool", "openinference.span.kind": "LLM"}, "tool"),
    ],
)
def test_a_span_is_of_the_kind_that_its_dialect_says(told: dict[str, Any], kind: str) -> None:
    assert read_span(told).event.kind == kind


def test_cached_tokens_that_bedrock_counts_apart_are_part_of_the_input() -> None:
    counts = {"input_tokens": 70, "output_tokens": 30, "cache_read.input_tokens": 40, "cache_creation.input_tokens": 10}
    told = {f"gen_ai.usage.{name}": number for name, number in counts.items()} | {"gen_ai.operation.name": "chat"}
    usage = read_span(told, scope="opentelemetry.instrumentation.genai.bedrock").event.usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens) == (120, 30)
    inclusive = read_span(told, scope="opentelemetry.instrumentation.genai.openai").event.usage
    assert inclusive is not None
    assert inclusive.input_tokens == 70


def test_tools_that_only_the_request_lists_are_found_and_empty_parameters_are_left_out() -> None:
    tools = [{"type": "function", "function": {"name": "look_up_order"}}]
    event = read_span(
        {
            "openinference.span.kind": "LLM",
            "llm.model_name": "mistral-large",
            "llm.invocation_parameters": json.dumps({"temperature": 0.2, "top_p": "", "model": "mistral-large"}),
            "input.value": json.dumps({"messages": ASKED, "tools": tools}),
        }
    ).event
    assert json.loads(event.tools_json) == tools
    assert json.loads(event.model_params_json) == {"temperature": 0.2}


@pytest.mark.parametrize("parent", ["z" * 16, "0" * 16, "00", 7, ["1" * 16]])
def test_a_pending_span_whose_parent_is_no_id_stands_for_a_root(parent: Any) -> None:
    told = {"logfire.span_type": "pending_span", "logfire.pending_parent_id": parent}
    event = read_span(told, parent_id="00f067aa0ba902b7").event
    assert event.provisional
    assert event.parent_id is None
