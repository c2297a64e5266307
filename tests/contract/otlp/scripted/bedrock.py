"""Amazon Bedrock: Converse, and InvokeModel of Anthropic's models; streams are AWS event streams."""

import json
import struct
from base64 import b64encode
from binascii import crc32
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from tests.contract.otlp.scripted import anthropic
from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REFUSAL,
    REFUSED,
    Asked,
    Reply,
    halves,
)

# It counts apart what Anthropic counts apart: 70 uncached, 40 read from the cache, 10 written to it.
USAGE = {
    "inputTokens": INPUT_TOKENS - 50,
    "outputTokens": OUTPUT_TOKENS,
    "totalTokens": INPUT_TOKENS + OUTPUT_TOKENS,
    "cacheReadInputTokens": 40,
    "cacheWriteInputTokens": 10,
}
_STREAM = "application/vnd.amazon.eventstream"
_STRING = 7  # the type of a header's value


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of Bedrock's."""
    if not asked.path.startswith("/model/"):
        return None
    model, _, action = unquote(asked.path).removeprefix("/model/").rpartition("/")
    if model == REFUSED:
        return Reply({"message": REFUSAL}, 400, headers={"x-amzn-ErrorType": "ValidationException"})
    if action.startswith("invoke"):
        return _invoke(asked, model, is_stream=action == "invoke-with-response-stream")
    block, reason = _block(asked.body)
    if action == "converse-stream":
        return Reply(content_type=_STREAM, chunks=_converse_events(block, reason), held_after=2)
    message = {"role": "assistant", "content": [block]}
    whole = {"output": {"message": message}, "stopReason": reason, "usage": USAGE, "metrics": {"latencyMs": 9}}
    return Reply(whole)


def _block(body: Any) -> tuple[dict[str, Any], str]:
    tools = (body.get("toolConfig") or {}).get("tools")
    if tools and "toolResult" not in str(body["messages"]):
        use = {"toolUseId": "tooluse_1", "name": tools[0]["toolSpec"]["name"], "input": ARGUMENTS}
        return {"toolUse": use}, "tool_use"
    return {"text": ANSWER}, "end_turn"


def _converse_events(block: dict[str, Any], reason: str) -> Iterator[bytes]:
    yield _event("messageStart", {"role": "assistant"})
    if "text" in block:
        for piece in halves():
            yield _event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}})
    else:
        use = block["toolUse"]
        start = {"toolUse": {"toolUseId": use["toolUseId"], "name": use["name"]}}
        yield _event("contentBlockStart", {"contentBlockIndex": 0, "start": start})
        delta = {"toolUse": {"input": json.dumps(use["input"])}}
        yield _event("contentBlockDelta", {"contentBlockIndex": 0, "delta": delta})
    yield _event("contentBlockStop", {"contentBlockIndex": 0})
    yield _event("messageStop", {"stopReason": reason})
    yield _event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 9}})


def _invoke(asked: Asked, model: str, *, is_stream: bool) -> Reply:
    body = {**asked.body, "model": model, "stream": is_stream}
    reply = anthropic.answer(Asked("/v1/messages", asked.headers, body))
    assert reply is not None
    counts = {"x-amzn-bedrock-input-token-count": "70", "x-amzn-bedrock-output-token-count": str(OUTPUT_TOKENS)}
    if reply.chunks is None:
        return Reply(reply.body, headers=counts)
    events = (chunk.partition(b"data: ")[2].strip() for chunk in reply.chunks)
    chunks = (_event("chunk", {"bytes": b64encode(event).decode()}) for event in events)
    return Reply(content_type=_STREAM, chunks=chunks, held_after=3)


def _event(name: str, payload: dict[str, Any]) -> bytes:
    """One message of an AWS event stream: lengths, checksum, headers, payload, checksum."""
    body = json.dumps(payload).encode()
    words = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        struct.pack("!B", len(key)) + key.encode() + struct.pack("!BH", _STRING, len(value)) + value.encode()
        for key, value in words.items()
    )
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", crc32(prelude)) + headers + body
    return message + struct.pack("!I", crc32(message))
