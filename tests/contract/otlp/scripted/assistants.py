"""OpenAI's assistants: threads with messages, and runs that are over when they are first asked for."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.contract.otlp.scripted.openai import refuse
from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REFUSAL,
    Asked,
    Reply,
    halves,
)

FAILING = "failing"
"""The model whose runs fail."""
_CREATED = 1_795_176_000
_USAGE = {
    "prompt_tokens": INPUT_TOKENS,
    "completion_tokens": OUTPUT_TOKENS,
    "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
}
_ids = count(1)
_assistants: dict[str, dict[str, Any]] = {}
_threads: dict[str, list[dict[str, Any]]] = {}
_runs: dict[str, dict[str, Any]] = {}


def answer(asked: Asked) -> Reply | None:  # noqa: PLR0911 - a route each
    """The answer, or None where the path is none of theirs."""
    parts = asked.path.partition("?")[0].strip("/").split("/")[1:]
    match parts:
        case ["assistants"]:
            return Reply(_make_assistant(asked.body))
        case ["threads"]:
            return Reply(_make_thread(asked.body))
        case ["threads", "runs"]:
            return _begin(_make_thread(asked.body.get("thread") or {})["id"], asked)
        case ["threads", thread_id, "messages"] if "role" in asked.body:
            return Reply(_add(thread_id, asked.body))
        case ["threads", thread_id, "messages"]:
            rows = _threads[thread_id][::-1]
            ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"], "has_more": False}
            return Reply({"object": "list", "data": rows, **ends})
        case ["threads", thread_id, "runs"]:
            return _begin(thread_id, asked)
        case ["threads", _, "runs", run_id]:
            return Reply(_go_on(_runs[run_id]))
        case ["threads", _, "runs", run_id, "submit_tool_outputs"]:
            run = _runs[run_id]
            run |= {"status": "queued", "required_action": None, "is_answered": True}
            return _stream(run) if asked.body.get("stream") else Reply(run)
    return None


def _make_assistant(body: Any) -> dict[str, Any]:
    made = {"tools": [], "instructions": None, "temperature": None, "top_p": None, "name": None, **body}
    made |= {"id": f"asst_{next(_ids)}", "object": "assistant", "created_at": _CREATED, "metadata": {}}
    return _assistants.setdefault(made["id"], {**made, "description": None})


def _make_thread(body: Any) -> dict[str, Any]:
    thread = {"id": f"thread_{next(_ids)}", "object": "thread", "created_at": _CREATED, "metadata": {}}
    _threads[thread["id"]] = []
    for message in body.get("messages") or ():
        _add(thread["id"], message)
    return thread


def _add(thread_id: str, message: Any, run: Any = None) -> dict[str, Any]:
    text = {"type": "text", "text": {"value": message["content"], "annotations": []}}
    made = {"id": f"msg_{next(_ids)}", "object": "thread.message", "created_at": _CREATED, "thread_id": thread_id}
    made |= {"role": message["role"], "content": [text], "status": "completed", "metadata": {}, "attachments": []}
    made |= {"assistant_id": run and run["assistant_id"], "run_id": run and run["id"]}
    _threads[thread_id].append(made)
    return made


def _begin(thread_id: str, asked: Asked) -> Reply:
    assistant = _assistants[asked.body["assistant_id"]]
    if (refusal := refuse(Asked(asked.path, {}, assistant))) is not None:
        return refusal
    told = ("model", "instructions", "tools", "temperature", "top_p")
    run = {name: assistant[name] for name in told} | {"id": f"run_{next(_ids)}", "object": "thread.run"}
    run |= {"thread_id": thread_id, "assistant_id": assistant["id"], "status": "queued", "created_at": _CREATED}
    run |= dict.fromkeys(("usage", "last_error", "required_action", "incomplete_details", "max_completion_tokens"))
    run |= {"metadata": {}, "parallel_tool_calls": True, "response_format": "auto", "tool_choice": "auto"}
    _runs[str(run["id"])] = run
    return _stream(run) if asked.body.get("stream") else Reply(run)


def _go_on(run: dict[str, Any]) -> dict[str, Any]:
    """The run as it is when it has done what it can."""
    if run["status"] != "queued":
        return run
    if run["model"] == FAILING:
        run |= {"status": "failed", "last_error": {"code": "server_error", "message": REFUSAL}}
    elif run["tools"] and not run.get("is_answered"):
        function = {"name": run["tools"][0]["function"]["name"], "arguments": json.dumps(ARGUMENTS)}
        calls = {"tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
        run |= {"status": "requires_action"}
        run |= {"required_action": {"type": "submit_tool_outputs", "submit_tool_outputs": calls}}
    else:
        _add(run["thread_id"], {"role": "assistant", "content": ANSWER}, run)
        run |= {"status": "completed", "usage": _USAGE}
    return run


def _stream(run: dict[str, Any]) -> Reply:
    return Reply(content_type="text/event-stream", chunks=_chunks(run), held_after=3)


def _chunks(run: dict[str, Any]) -> Iterator[bytes]:
    for name, data in _events(run):
        yield f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
    yield b"event: done\ndata: [DONE]\n\n"


def _events(run: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "thread.run.created", dict(run)
    _go_on(run)
    if run["status"] == "completed":
        message = _threads[run["thread_id"]][-1]
        yield "thread.message.created", {**message, "status": "in_progress", "content": []}
        for piece in halves():
            part = {"index": 0, "type": "text", "text": {"value": piece, "annotations": []}}
            delta = {"id": message["id"], "object": "thread.message.delta", "delta": {"content": [part]}}
            yield "thread.message.delta", delta
        yield "thread.message.completed", message
    yield f"thread.run.{run['status']}", run
