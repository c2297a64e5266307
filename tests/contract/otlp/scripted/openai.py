"""OpenAI's chat completions and embeddings, which many providers speak."""

import json
from collections.abc import Iterator
from typing import Any

from tests.contract.otlp.scripted.forms import find_call, find_text
from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    CACHED_TOKENS,
    EMBEDDED_TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REASONING_TOKENS,
    REFUSAL,
    REFUSED,
    Asked,
    Reply,
    halves,
    server_sent,
)

USAGE = {
    "prompt_tokens": INPUT_TOKENS,
    "completion_tokens": OUTPUT_TOKENS,
    "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
    "prompt_tokens_details": {"cached_tokens": CACHED_TOKENS},
    "completion_tokens_details": {"reasoning_tokens": REASONING_TOKENS},
}
_REFUSAL = {"error": {"message": REFUSAL, "type": "invalid_request_error", "code": "refused"}}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of OpenAI's."""
    if asked.path.endswith("/chat/completions"):
        return refuse(asked) or _chat(asked.body)
    if asked.path.endswith("/embeddings"):
        return refuse(asked) or _embed(asked.body)
    return None


def refuse(asked: Asked) -> Reply | None:
    """The refusal of the model that is refused, None for any other."""
    return Reply(_REFUSAL, 400) if asked.body.get("model") == REFUSED else None


def _embed(body: Any) -> Reply:
    row = {"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}
    usage = {"prompt_tokens": EMBEDDED_TOKENS, "total_tokens": EMBEDDED_TOKENS}
    return Reply({"object": "list", "data": [row], "model": body["model"], "usage": usage})


def _chat(body: Any) -> Reply:
    answered = any(message["role"] == "tool" for message in body["messages"])
    head = {"id": "chatcmpl-1", "created": 1_795_176_000, "model": body["model"]}
    message: dict[str, Any] = {"role": "assistant", "content": find_text(body) or ANSWER}
    if (body.get("response_format") or {}).get("type") == "json_schema":
        message["content"] = json.dumps({"order": ANSWER})
    reason = "stop"
    first = (body["tools"][0]["function"]["name"], ARGUMENTS) if body.get("tools") and not answered else None
    if (called := find_call(body) or first) is not None:
        function = {"name": called[0], "arguments": json.dumps(called[1])}
        call = {"id": "call_1", "type": "function", "function": function}
        message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    if body.get("stream"):
        events = _chunks({**head, "object": "chat.completion.chunk"}, message, reason, body)
        return server_sent(events, end=b"data: [DONE]\n\n")
    choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
    return Reply({**head, "object": "chat.completion", "choices": [choice], "usage": USAGE})


def _chunks(head: dict[str, Any], message: dict[str, Any], reason: str, body: Any) -> Iterator[dict[str, Any]]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if calls := message.get("tool_calls"):
        deltas.append({"tool_calls": [{"index": 0, **calls[0]}]})
    else:
        deltas += [{"content": piece} for piece in halves(message["content"])]
    for delta in deltas:
        yield {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}], **_usage_of_last(body)}
    if (body.get("stream_options") or {}).get("include_usage"):
        yield {**head, "choices": [], "usage": USAGE}


def _usage_of_last(body: Any) -> dict[str, Any]:
    """Mistral, IBM and Groq tell it with the last chunk, asked or not; Groq in a place of its own."""
    if body["model"].startswith(("mistral", "ibm/")):
        return {"usage": USAGE}
    return {"x_groq": {"id": "req_1", "usage": USAGE}} if body["model"].startswith("llama") else {}
