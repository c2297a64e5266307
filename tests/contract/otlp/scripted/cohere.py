"""Cohere's chat, second version, embeddings and reranking."""

import json
from collections.abc import Iterator
from typing import Any

from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    EMBEDDED_TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REFUSAL,
    REFUSED,
    Asked,
    Reply,
    halves,
    server_sent,
)

_COUNTS = {"input_tokens": INPUT_TOKENS, "output_tokens": OUTPUT_TOKENS}
USAGE = {"billed_units": _COUNTS, "tokens": _COUNTS}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of Cohere's."""
    if asked.path not in {"/v2/chat", "/v2/embed", "/v2/rerank"}:
        return None
    if asked.body.get("model") == REFUSED:
        return Reply({"message": REFUSAL, "id": "c1"}, 400)
    if asked.path == "/v2/chat":
        return _chat(asked.body)
    meta = {"billed_units": {"input_tokens": EMBEDDED_TOKENS, "search_units": 1}}
    if asked.path == "/v2/embed":
        return Reply({"id": "c1", "embeddings": {"float": [[0.5, 0.25]]}, "texts": asked.body["texts"], "meta": meta})
    return Reply({"id": "c1", "results": [{"index": 0, "relevance_score": 0.75}], "meta": meta})


def _chat(body: Any) -> Reply:
    answered = any(message["role"] == "tool" for message in body["messages"])
    message: dict[str, Any] = {"role": "assistant", "content": [{"type": "text", "text": ANSWER}]}
    reason = "COMPLETE"
    if body.get("tools") and not answered:
        function = {"name": body["tools"][0]["function"]["name"], "arguments": json.dumps(ARGUMENTS)}
        message = {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
        reason = "TOOL_CALL"
    if body.get("stream"):
        return server_sent(_events(message, reason), named=True, held_after=3)
    return Reply({"id": "c1", "finish_reason": reason, "message": message, "usage": USAGE})


def _events(message: dict[str, Any], reason: str) -> Iterator[dict[str, Any]]:
    start = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    yield {"type": "message-start", "id": "c1", "delta": {"message": start}}
    if calls := message.get("tool_calls"):
        call = calls[0]
        begun = {**call, "function": {**call["function"], "arguments": ""}}
        yield {"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls": begun}}}
        more = {"function": {"arguments": call["function"]["arguments"]}}
        yield {"type": "tool-call-delta", "index": 0, "delta": {"message": {"tool_calls": more}}}
        yield {"type": "tool-call-end", "index": 0}
    else:
        empty = {"message": {"content": {"type": "text", "text": ""}}}
        yield {"type": "content-start", "index": 0, "delta": empty}
        for piece in halves():
            yield {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": piece}}}}
        yield {"type": "content-end", "index": 0}
    yield {"type": "message-end", "id": "c1", "delta": {"finish_reason": reason, "usage": USAGE}}
