"""Anthropic's messages."""

import json
from collections.abc import Iterator
from typing import Any

from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    OUTPUT_TOKENS,
    REFUSAL,
    REFUSED,
    Asked,
    Reply,
    server_sent,
)

# It counts apart: 70 uncached, 40 read from the cache, 10 written to it.
USAGE = {
    "input_tokens": 70,
    "output_tokens": OUTPUT_TOKENS,
    "cache_read_input_tokens": 40,
    "cache_creation_input_tokens": 10,
}
_REFUSAL = {"type": "error", "error": {"type": "invalid_request_error", "message": REFUSAL}}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of Anthropic's."""
    if not asked.path.endswith("/messages"):
        return None
    return Reply(_REFUSAL, 400) if asked.body.get("model") == REFUSED else _message(asked.body)


def _message(body: Any) -> Reply:
    answered = any(
        part.get("type") == "tool_result"
        for message in body["messages"]
        for part in message["content"]
        if isinstance(part, dict)
    )
    block: dict[str, Any] = {"type": "text", "text": ANSWER}
    reason = "end_turn"
    if body.get("tools") and not answered:
        block = {"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": ARGUMENTS}
        reason = "tool_use"
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"]}
    if body.get("stream"):
        return server_sent(_events(message, block, reason), named=True, held_after=3)
    return Reply({**message, "content": [block], "stop_reason": reason, "stop_sequence": None, "usage": USAGE})


def _events(message: dict[str, Any], block: dict[str, Any], reason: str) -> Iterator[dict[str, Any]]:
    start = {**message, "content": [], "stop_reason": None, "usage": {**USAGE, "output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    if block["type"] == "text":
        first = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": text} for text in (ANSWER[:5], ANSWER[5:])]
    else:
        first = {**block, "input": {}}
        text = json.dumps(ARGUMENTS)
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in (text[:5], text[5:])]
    yield {"type": "content_block_start", "index": 0, "content_block": first}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": USAGE}
    yield {"type": "message_stop"}
