"""The events of a body apart from each other, so that what is wrong with one is no matter of its neighbours."""

import re

import msgspec

from agentops_server.errors import BadRequest, TooLarge
from agentops_server.wire.body import decode_body
from agentops_server.wire.v2.shape import WireEvent

MOST_EVENTS = 50_000
# What is decoded at once: nothing in it is large, and there is not much of it, so that it takes little memory.
LARGEST_AT_ONCE_BYTES = 1 << 20
MOST_OBJECTS_AT_ONCE = 20_000
# Of a body that is not strictly JSON: about a second of work.
MOST_STEPS = 500_000

# A string is one token; one that does not end reaches to the end of the text, so that reading stays linear. Where it
# does not matter what is inside, a list or object that holds no other is one token too, and commas are none.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
_FLAT = rb'[\[{](?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+[\]}]'
_OUTER = re.compile(_STRING + rb"|[\[\]{},]", re.DOTALL)
_ELEMENTS = re.compile(_STRING + rb"|" + _FLAT + rb"|[\[\]{},]", re.DOTALL)
_INNER = re.compile(_STRING + rb"|" + _FLAT + rb"|[\[\]{}]", re.DOTALL)


class _Body(msgspec.Struct):
    events: list[msgspec.Raw]


class _Decoded(msgspec.Struct):
    events: list[WireEvent]


class _Skeleton(msgspec.Struct):
    events: list[int]


_decode = msgspec.json.Decoder(_Decoded).decode


def find_events(body: bytes) -> list[WireEvent] | None:
    """The events of a body, decoded in one go as most can be; None where they must be cut apart to tell."""
    if len(body) > LARGEST_AT_ONCE_BYTES or body.count(b"}") > MOST_OBJECTS_AT_ONCE:
        return None
    try:
        return _decode(body).events
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def split_events(body: bytes) -> list[msgspec.Raw]:
    """The JSON of each event of ``{"events": [...]}``.

    Raises:
        BadRequest: The body around the events is not JSON, or lacks them.
        TooLarge: There are too many events, or the body is not strictly JSON and too intricate to be cut apart.
    """
    try:
        events = msgspec.json.decode(body, type=_Body).events
    except msgspec.ValidationError as error:
        raise BadRequest(f"the body is not what this route takes: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Something in it is not JSON, or too deep: find out in which event.
        events = _split(body)
    if len(events) > MOST_EVENTS:
        raise TooLarge(f"{len(events)} events are too many for one body; send at most {MOST_EVENTS}")
    return events


def _split(body: bytes) -> list[msgspec.Raw]:
    """Cut the elements out of every list of the outer object, and put their numbers in their places."""
    elements: list[bytes] = []
    skeleton: list[bytes] = []
    depth = kept = position = steps = 0
    listing = False
    while token := _pattern(depth, listing).search(body, position):
        if (steps := steps + 1) > MOST_STEPS:
            raise TooLarge(
                f"the body is not strictly JSON, and too intricate to find the events in it that are "
                f"(over {MOST_STEPS} brackets); send smaller batches"
            )
        position = token.end()
        mark = token[0] if position - token.start() == 1 else b""
        if mark in _OPENING:
            depth += 1
            if depth == 2 and mark == b"[":
                listing = True
                skeleton.append(body[kept:position])
                kept = position
        elif mark:
            if listing and depth == 2 and mark in _PARTING:
                if element := body[kept : token.start()].strip():
                    skeleton.append(b"%d" % len(elements))
                    elements.append(element)
                skeleton.append(mark)
                kept = position
                listing = mark == b","
            depth -= mark in _CLOSING
    skeleton.append(body[kept:])
    return [msgspec.Raw(elements[number]) for number in decode_body(b"".join(skeleton), _Skeleton).events]


_OPENING = frozenset((b"[", b"{"))
_CLOSING = frozenset((b"]", b"}"))
_PARTING = frozenset((b",", b"]"))


def _pattern(depth: int, listing: bool) -> re.Pattern[bytes]:
    if depth > 2:
        return _INNER
    return _ELEMENTS if depth == 2 and listing else _OUTER
