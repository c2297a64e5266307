"""The events of a body apart from each other, so that what is wrong with one is no matter of its neighbours."""

import re

import msgspec

from agentops_server.errors import BadRequest
from agentops_server.wire.body import decode_body

# A string is one token; one that does not end reaches to the end of the text, so that reading stays linear.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)


class _Body(msgspec.Struct):
    events: list[msgspec.Raw]


class _Skeleton(msgspec.Struct):
    events: list[int]


def split_events(body: bytes) -> list[msgspec.Raw]:
    """The JSON of each event of ``{"events": [...]}``.

    Raises:
        BadRequest: The body around the events is not JSON, or lacks them.
    """
    try:
        return msgspec.json.decode(body, type=_Body).events
    except msgspec.ValidationError as error:
        raise BadRequest(f"the body is not what this route takes: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Something in it is not JSON, or too deep: find out in which event.
        return _split(body)


def _split(body: bytes) -> list[msgspec.Raw]:
    """Cut the elements out of every list of the outer object, and put their numbers in their places."""
    elements: list[bytes] = []
    skeleton: list[bytes] = []
    depth = kept = 0
    listing = False
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in b"[{":
            depth += 1
            if depth == 2 and mark == b"[":
                listing = True
                skeleton.append(body[kept : token.end()])
                kept = token.end()
            continue
        if listing and depth == 2 and mark in b",]":
            if element := body[kept : token.start()].strip():
                skeleton.append(b"%d" % len(elements))
                elements.append(element)
            skeleton.append(mark)
            kept = token.end()
            listing = mark == b","
        if mark in b"]}":
            depth -= 1
    skeleton.append(body[kept:])
    return [msgspec.Raw(elements[number]) for number in decode_body(b"".join(skeleton), _Skeleton).events]
