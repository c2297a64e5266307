"""A client for ``/v1/chat/completions`` in as few lines as the example needs: one answer, or a stream of words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import urllib3


class RateLimitError(Exception):
    """The endpoint answered 429.

    Attributes:
        retry_after_s: how many seconds it asks to wait.
    """

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


@dataclass
class Answer:
    message: dict[str, Any] = field(default_factory=lambda: {"role": "assistant", "content": None})
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    def tool_calls(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Id, name and arguments of every tool that the model asks for."""
        for call in self.message.get("tool_calls") or []:
            yield call["id"], call["function"]["name"], json.loads(call["function"]["arguments"])

    def take_usage(self, usage: dict[str, int] | None) -> None:
        if usage:
            self.prompt_tokens = usage["prompt_tokens"]
            self.completion_tokens = usage["completion_tokens"]


class ChatClient:
    """Talks to one OpenAI-compatible endpoint, for example ``https://api.openai.com/v1``."""

    def __init__(self, base_url: str, api_key: str = "none") -> None:
        self._url = f"{base_url}/chat/completions"
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
        self._http = urllib3.PoolManager(retries=False, timeout=30.0)

    def complete(self, model: str, messages: list[dict[str, Any]], tools: list[dict[str, Any]] | None = None) -> Answer:
        asked = {"model": model, "messages": messages, **({"tools": tools} if tools else {})}
        response = self._http.request("POST", self._url, body=json.dumps(asked), headers=self._headers)
        body = json.loads(response.data)
        _raise_for(response, body)
        answer = Answer(body["choices"][0]["message"])
        answer.take_usage(body.get("usage"))
        return answer

    def stream(self, model: str, messages: list[dict[str, Any]], answer: Answer) -> Iterator[str]:
        """Yields the words as they come; ``answer`` holds the whole text and the usage once the stream has ended."""
        asked = {"model": model, "messages": messages, "stream": True, "stream_options": {"include_usage": True}}
        response = self._http.request(
            "POST", self._url, body=json.dumps(asked), headers=self._headers, preload_content=False
        )
        if response.status != 200:
            _raise_for(response, json.loads(response.data))
        words: list[str] = []
        for chunk in _iter_chunks(response):
            answer.take_usage(chunk.get("usage"))
            for choice in chunk["choices"]:
                if text := choice["delta"].get("content"):
                    words.append(text)
                    yield text
        response.release_conn()
        answer.message = {"role": "assistant", "content": "".join(words)}


def _iter_chunks(response: urllib3.BaseHTTPResponse) -> Iterator[dict[str, Any]]:
    pending = b""
    for piece in response.stream(1024):
        *lines, pending = (pending + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"data: ") and line != b"data: [DONE]":
                yield json.loads(line[len(b"data: ") :])


def _raise_for(response: urllib3.BaseHTTPResponse, body: dict[str, Any]) -> None:
    if response.status == 429:
        raise RateLimitError(body["error"]["message"], float(response.headers.get("Retry-After", "1")))
    if response.status != 200:
        raise RuntimeError(f"The model answered {response.status}: {body}")
