"""What every provider of the scripted endpoint answers, and the shape of a request and of an answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

ANSWER = "Order 1042 is on its way."
REFUSAL = "The model is not for you."
REFUSED = "refused"
ARGUMENTS = {"order_id": "1042"}
INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, REASONING_TOKENS, EMBEDDED_TOKENS = 120, 30, 20, 10, 8


@dataclass(frozen=True)
class Asked:
    """A request: its path without what the endpoint itself reads from it, its headers in lower case, its JSON."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """An answer: one body, or a stream of chunks of which the endpoint may hold back all but the first few."""

    body: Any = None
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    held_after: int = 2
    """How many chunks a reader must have before there is text in them."""


def server_sent(events: Iterator[Any], *, named: bool = False, end: bytes = b"", held_after: int = 2) -> Reply:
    """A stream of server-sent events, each of which is JSON; named ones say their type twice."""

    def chunks() -> Iterator[bytes]:
        for event in events:
            name = f"event: {event['type']}\n" if named else ""
            yield f"{name}data: {json.dumps(event)}\n\n".encode()
        if end:
            yield end

    return Reply(content_type="text/event-stream", chunks=chunks(), held_after=held_after)


def halves(answer: str = ANSWER) -> tuple[str, str]:
    """The answer as two pieces of a stream."""
    word = answer.split(" ", maxsplit=1)[0]
    return word, answer[len(word) :]
