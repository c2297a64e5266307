"""A model endpoint with fixed answers, so that a recording needs no key and no internet, and its figures are known.

It speaks OpenAI's chat completions and embeddings and Anthropic's messages, streamed or not. A question with tools and
without a result of one is answered with a call of the first tool; the model named ``refused`` is refused.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

ANSWER = "Order 1042 is on its way."
REFUSAL = "The model is not for you."
REFUSED = "refused"
ARGUMENTS = {"order_id": "1042"}
OPENAI_USAGE = {
    "prompt_tokens": 120,
    "completion_tokens": 30,
    "total_tokens": 150,
    "prompt_tokens_details": {"cached_tokens": 20},
    "completion_tokens_details": {"reasoning_tokens": 10},
}
# Anthropic counts apart: 70 uncached, 40 read from the cache, 10 written to it.
ANTHROPIC_USAGE = {
    "input_tokens": 70,
    "output_tokens": 30,
    "cache_read_input_tokens": 40,
    "cache_creation_input_tokens": 10,
}


@contextmanager
def scripted_models() -> Iterator[str]:
    """The endpoint on a free port of the loopback interface; yields its URL without a path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked.get("model") == REFUSED:
            self._answer(400, {"error": {"message": REFUSAL, "type": "invalid_request_error", "code": "refused"}})
        elif self.path.endswith("/chat/completions"):
            self._chat(asked)
        elif self.path.endswith("/messages"):
            self._messages(asked)
        elif self.path.endswith("/embeddings"):
            row = {"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}
            usage = {"prompt_tokens": 8, "total_tokens": 8}
            self._answer(200, {"object": "list", "data": [row], "model": asked["model"], "usage": usage})
        else:
            self._answer(404, {"error": {"message": f"no such route: {self.path}"}})

    def _chat(self, asked: dict[str, Any]) -> None:
        answered = any(message["role"] == "tool" for message in asked["messages"])
        head = {"id": "chatcmpl-1", "created": 1_795_176_000, "model": asked["model"]}
        message: dict[str, Any] = {"role": "assistant", "content": ANSWER}
        reason = "stop"
        if asked.get("tools") and not answered:
            function = {"name": asked["tools"][0]["function"]["name"], "arguments": json.dumps(ARGUMENTS)}
            call = {"id": "call_1", "type": "function", "function": function}
            message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
        if asked.get("stream"):
            self._stream(_chat_chunks({**head, "object": "chat.completion.chunk"}, message, reason, asked))
            return
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        self._answer(200, {**head, "object": "chat.completion", "choices": [choice], "usage": OPENAI_USAGE})

    def _messages(self, asked: dict[str, Any]) -> None:
        answered = any(
            message["role"] == "user" and isinstance(message["content"], list) for message in asked["messages"]
        )
        block: dict[str, Any] = {"type": "text", "text": ANSWER}
        reason = "end_turn"
        if asked.get("tools") and not answered:
            block = {"type": "tool_use", "id": "toolu_1", "name": asked["tools"][0]["name"], "input": ARGUMENTS}
            reason = "tool_use"
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": asked["model"]}
        if asked.get("stream"):
            self._stream(_message_events(message, reason), named=True)
            return
        whole = {"content": [block], "stop_reason": reason, "stop_sequence": None, "usage": ANTHROPIC_USAGE}
        self._answer(200, {**message, **whole})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _stream(self, chunks: Iterator[dict[str, Any]], named: bool = False) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in chunks:
            name = f"event: {chunk['type']}\n" if named else ""
            self.wfile.write(f"{name}data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()
        if not named:
            self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the recording is what counts."""


def _chat_chunks(
    head: dict[str, Any], message: dict[str, Any], reason: str, asked: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if calls := message.get("tool_calls"):
        deltas.append({"tool_calls": [{"index": 0, **calls[0]}]})
    else:
        deltas += [{"content": word} for word in ANSWER.split(" ")[0:1]]
        deltas.append({"content": ANSWER[len(ANSWER.split(" ", maxsplit=1)[0]) :]})
    for delta in deltas:
        yield {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}
    if (asked.get("stream_options") or {}).get("include_usage"):
        yield {**head, "choices": [], "usage": OPENAI_USAGE}


def _message_events(message: dict[str, Any], reason: str) -> Iterator[dict[str, Any]]:
    start = {**message, "content": [], "stop_reason": None, "usage": {**ANTHROPIC_USAGE, "output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for text in (ANSWER[:5], ANSWER[5:]):
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": ANTHROPIC_USAGE}
    yield {"type": "message_stop"}
