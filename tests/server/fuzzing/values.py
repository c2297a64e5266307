"""Values that stand where others are expected, and ways to break bytes."""

import json
import random
from typing import Any

NAMES = (
    *("gen_ai.operation.name", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions"),
    *("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cost", "gen_ai.prompt.0.content"),
    *("gen_ai.prompt.9999999999.tool_calls.0.name", "gen_ai.completion.0.finish_reason", "gen_ai.tool.definitions"),
    *("openinference.span.kind", "llm.input_messages.999999999.message.role", "llm.input_messages.0.message"),
    *("llm.input_messages.0.message.contents.0.message_content.image.image.url", "llm.tools.0.tool.json_schema"),
    *("llm.invocation_parameters", "llm.token_count.prompt", "llm.model_name", "input.value", "output.value"),
    *("langfuse.observation.type", "langfuse.observation.usage_details", "langfuse.observation.input"),
    *("langfuse.observation.cost_details", "langfuse.observation.completion_start_time", "langfuse.trace.tags"),
    *("ai.operationId", "ai.prompt", "ai.prompt.messages", "ai.response.toolCalls", "ai.prompt.tools"),
    *("ai.response.providerMetadata", "request_data", "response_data", "events", "logfire.span_type"),
    *("logfire.pending_parent_id", "agentops.span.kind", "agentops.session.end_state", "agentops.parent.id"),
    *("agentops.sequence", "agentops.agent.id", "session.id", "agentops.tags", "gen_ai.agent.name", "metadata"),
    *("gen_ai.response.time_to_first_chunk", "gen_ai.request.temperature", "gen_ai.response.finish_reasons"),
    *(
        "traceloop.span.kind",
        "llm.request.functions.0.name",
        "exception.type",
        "mcp.method.name",
        "",
        "\u0000",
        "x" * 300,
    ),
)
WORDS = (
    *("chat", "LLM", "generation", "llm", "tool", "agent", "ai.generateText.doGenerate", "pending_span", "Success"),
    *("-1", "", "null", "{", "[[[", '{"a":', "NaN", "\ud7ff", "\u0000", "2026-13-45T99:99:99Z", "9" * 400, "gpt-4o"),
)
NUMBERS = (0, -1, 1, 1 << 53, (1 << 63) - 1, -(1 << 63), 0.0, -0.0, 1e-300, 1e308, 0.1)
ODD_NUMBERS = (*NUMBERS, float("inf"), float("-inf"), float("nan"))
_KEYS = ("role", "content", "parts", "type", "text", "tool_calls", "function", "message", "messages", "id", "input", "")


def tree(maker: random.Random, depth: int = 3) -> Any:
    """A value of JSON, nested up to a depth."""
    kind = maker.randrange(7 if depth else 4)
    if kind < 4:
        return maker.choice((maker.choice(WORDS), maker.choice(NUMBERS), None, True, False, "user", "assistant"))
    if kind == 4:
        return [tree(maker, depth - 1) for _ in range(maker.randrange(4))]
    if kind == 5:
        return {maker.choice(_KEYS): tree(maker, depth - 1) for _ in range(maker.randrange(4))}
    deep = tree(maker, depth - 1)
    return json.dumps(json.dumps(deep)) if maker.random() < 0.3 else json.dumps(deep)


def broken(maker: random.Random, content: bytes) -> bytes:
    """The bytes with some of them changed, left out, doubled or cut off."""
    data = bytearray(content)
    for _ in range(maker.randrange(1, 4)):
        at = maker.randrange(len(data) + 1)
        way = maker.randrange(5)
        if way == 0:
            data[at : at + 1] = maker.randbytes(1)
        elif way == 1:
            data[at : at + maker.randrange(1, 9)] = b""
        elif way == 2:
            data[at:at] = maker.randbytes(maker.randrange(1, 9))
        elif way == 3:
            data[at:at] = data[at : at + maker.randrange(1, 40)]
        else:
            del data[at:]
    return bytes(data)
