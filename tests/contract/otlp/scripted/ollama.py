"""Ollama's chat, generation and embeddings, whose streams are lines of JSON."""

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
)

_TIMES = {"total_duration": 9_000_000, "load_duration": 1_000_000, "eval_duration": 5_000_000}
USAGE = {"prompt_eval_count": INPUT_TOKENS, "eval_count": OUTPUT_TOKENS, **_TIMES}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of Ollama's."""
    if asked.path not in {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings"}:
        return None
    body = asked.body
    if body.get("model") == REFUSED:
        return Reply({"error": REFUSAL}, 400)
    head = {"model": body["model"], "created_at": "2026-11-20T12:00:00Z"}
    if asked.path == "/api/embeddings":
        return Reply({"embedding": [0.5, 0.25]})
    if asked.path == "/api/embed":
        return Reply({**head, "embeddings": [[0.5, 0.25]], "prompt_eval_count": EMBEDDED_TOKENS})
    pieces = list(_pieces(body, is_chat=asked.path == "/api/chat"))
    end = {"done": True, "done_reason": "stop", **USAGE}
    if body.get("stream"):
        lines = [{**head, **piece, "done": False} for piece in pieces]
        return _lines([*lines, {**head, **_empty(pieces[0]), **end}])
    whole = pieces[0] if len(pieces) == 1 else _whole(pieces[0])
    return Reply({**head, **whole, **end})


def _pieces(body: Any, *, is_chat: bool) -> Iterator[dict[str, Any]]:
    answered = any(message["role"] == "tool" for message in body.get("messages", ()))
    if body.get("tools") and not answered:
        function = {"name": body["tools"][0]["function"]["name"], "arguments": ARGUMENTS}
        yield {"message": {"role": "assistant", "content": "", "tool_calls": [{"function": function}]}}
        return
    for piece in halves():
        yield {"message": {"role": "assistant", "content": piece}} if is_chat else {"response": piece}


def _whole(piece: dict[str, Any]) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": ANSWER}} if "message" in piece else {"response": ANSWER}


def _empty(piece: dict[str, Any]) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": ""}} if "message" in piece else {"response": ""}


def _lines(rows: list[dict[str, Any]]) -> Reply:
    chunks = (json.dumps(row).encode() + b"\n" for row in rows)
    return Reply(content_type="application/x-ndjson", chunks=chunks, held_after=1)
