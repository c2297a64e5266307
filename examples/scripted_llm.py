"""An OpenAI-compatible endpoint with scripted replies, so that the example needs no key and no internet.

It speaks what the example uses of ``POST /v1/chat/completions``: plain answers, answers that call tools, answers
streamed as server-sent events with the usage in the last chunk, and one refusal with 429. Which reply comes is read
from the conversation itself, as with a real model; the wording is fixed.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, cast

Message = dict[str, Any]

DECISION = (
    "The lid is broken and the order is nine days old, so it falls under 'damaged on arrival': refund it in full."
)
LETTER = (
    "Dear Ms Okafor,\n\nthank you for the picture of the kettle. A lid that breaks on its way to you is ours to put "
    "right, so we have refunded the full $39.90 to your card today. It usually shows up within three working days. "
    "You need not send the kettle back.\n\nKind regards,\nThe support desk"
)


@contextmanager
def scripted_llm(pace: float = 1.0) -> Iterator[str]:
    """The endpoint on a free port of the loopback interface, for as long as the ``with`` block lasts.

    Args:
        pace: how long the replies take; 1 feels like a model, 0 answers at once.

    Yields:
        The base URL, up to and with ``/v1``.
    """
    endpoint = _Endpoint(pace)
    Thread(target=endpoint.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{endpoint.server_address[1]}/v1"
    finally:
        endpoint.shutdown()
        endpoint.server_close()


def reply_to(messages: list[Message], tools: list[Message]) -> Message:
    """The assistant's next message in the conversation so far."""
    offered = {tool["function"]["name"] for tool in tools}
    if messages[-1]["role"] == "tool":
        return {"role": "assistant", "content": DECISION}
    if "issue_refund" in offered:
        return _tool_calls(("issue_refund", {"order_id": "1042", "amount": "39.90", "reason": "damaged on arrival"}))
    if offered:
        return _tool_calls(
            ("lookup_order", {"order_id": "1042"}), ("search_policy", {"query": "item damaged on arrival"})
        )
    return {"role": "assistant", "content": LETTER}


def usage_of(messages: list[Message], reply: Message) -> dict[str, int]:
    """Token counts, four characters to the token as a rule of thumb."""
    prompt_tokens = max(1, len(json.dumps(messages)) // 4)
    completion_tokens = max(1, len(json.dumps(reply)) // 4)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


def _tool_calls(*calls: tuple[str, dict[str, str]]) -> Message:
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
            for number, (name, arguments) in enumerate(calls, 1)
        ],
    }


def _chunks(model: str, messages: list[Message], reply: Message, with_usage: bool) -> Iterator[dict[str, Any]]:
    head = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "model": model}
    words = str(reply["content"]).split(" ")
    for number, word in enumerate(words):
        text = word if number == len(words) - 1 else word + " "
        yield {**head, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    if with_usage:
        yield {**head, "choices": [], "usage": usage_of(messages, reply)}


class _Endpoint(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, pace: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pace = pace
        self._refusals_left = 1
        self._lock = Lock()

    def refuses(self, model: str) -> bool:
        """Whether this call is one too many: the small model's first."""
        with self._lock:
            if model != "gpt-4o-mini" or not self._refusals_left:
                return False
            self._refusals_left -= 1
            return True

    def think(self, seconds: float) -> None:
        time.sleep(seconds * self.pace)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        llm = cast("_Endpoint", self.server)
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            return self._answer(HTTPStatus.NOT_FOUND, {"error": {"message": f"There is no {self.path} here."}})
        if llm.refuses(asked["model"]):
            llm.think(0.15)
            message = f"Rate limit reached for {asked['model']}. Please try again in 1s."
            body = {"error": {"message": message, "type": "requests", "code": "rate_limit_exceeded"}}
            return self._answer(HTTPStatus.TOO_MANY_REQUESTS, body, {"Retry-After": f"{llm.pace:g}"})
        reply = reply_to(asked["messages"], asked.get("tools", []))
        if asked.get("stream"):
            return self._stream(llm, asked, reply)
        llm.think(0.55)
        choice = {"index": 0, "message": reply, "finish_reason": "tool_calls" if reply.get("tool_calls") else "stop"}
        usage = usage_of(asked["messages"], reply)
        head = {"id": "chatcmpl-scripted", "object": "chat.completion", "model": asked["model"]}
        return self._answer(HTTPStatus.OK, {**head, "choices": [choice], "usage": usage})

    def _answer(self, status: HTTPStatus, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _stream(self, llm: _Endpoint, asked: dict[str, Any], reply: Message) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        llm.think(0.3)
        with_usage = bool((asked.get("stream_options") or {}).get("include_usage"))
        for chunk in _chunks(asked["model"], asked["messages"], reply, with_usage):
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            self.wfile.flush()
            llm.think(0.02)
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the example's own lines are what a person wants to read."""
