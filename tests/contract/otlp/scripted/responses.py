"""OpenAI's responses."""

import json
from collections.abc import Iterator
from typing import Any

from tests.contract.otlp.scripted.openai import refuse
from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    CACHED_TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REASONING_TOKENS,
    Asked,
    Reply,
    halves,
    server_sent,
)

USAGE = {
    "input_tokens": INPUT_TOKENS,
    "output_tokens": OUTPUT_TOKENS,
    "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
    "input_tokens_details": {"cached_tokens": CACHED_TOKENS},
    "output_tokens_details": {"reasoning_tokens": REASONING_TOKENS},
}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is not that of responses."""
    if not asked.path.endswith("/responses"):
        return None
    return refuse(asked) or _respond(asked.body)


def _respond(body: Any) -> Reply:
    head = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_795_176_000,
        "model": body["model"],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": body.get("tools") or [],
        "temperature": body.get("temperature"),
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
    }
    is_shaped = "json_schema" in str(body.get("text"))
    answer = json.dumps({"order": ANSWER}) if is_shaped else ANSWER
    output = _call(body) if body.get("tools") and "function_call_output" not in str(body["input"]) else _text(answer)
    if body.get("stream"):
        return server_sent(_events(head, output), named=True, held_after=4)
    return Reply({**head, "status": "completed", "output": [output], "usage": USAGE})


def _text(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [part]}


def _call(body: Any) -> dict[str, Any]:
    call = {"call_id": "call_1", "name": body["tools"][0]["name"], "arguments": json.dumps(ARGUMENTS)}
    return {"type": "function_call", "id": "fc_1", "status": "completed", **call}


def _events(head: dict[str, Any], output: dict[str, Any]) -> Iterator[dict[str, Any]]:
    numbered = enumerate(_plain_events(head, output))
    yield from ({**event, "sequence_number": number} for number, event in numbered)


def _plain_events(head: dict[str, Any], output: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "response.created", "response": {**head, "status": "in_progress", "output": [], "usage": None}}
    place = {"item_id": output["id"], "output_index": 0}
    if output["type"] == "message":
        part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        item = {**output, "status": "in_progress", "content": []}
        yield {"type": "response.output_item.added", "output_index": 0, "item": item}
        yield {"type": "response.content_part.added", **place, "content_index": 0, "part": part}
        for piece in halves():
            delta = {"delta": piece, "content_index": 0, "logprobs": []}
            yield {"type": "response.output_text.delta", **place, **delta}
        yield {"type": "response.output_text.done", **place, "content_index": 0, "text": ANSWER, "logprobs": []}
        yield {"type": "response.content_part.done", **place, "content_index": 0, "part": output["content"][0]}
    else:
        item = {**output, "status": "in_progress", "arguments": ""}
        yield {"type": "response.output_item.added", "output_index": 0, "item": item}
        yield {"type": "response.function_call_arguments.delta", **place, "delta": output["arguments"]}
        done = {"arguments": output["arguments"], "name": output["name"]}
        yield {"type": "response.function_call_arguments.done", **place, **done}
    yield {"type": "response.output_item.done", "output_index": 0, "item": output}
    whole = {**head, "status": "completed", "output": [output], "usage": USAGE}
    yield {"type": "response.completed", "response": whole}
