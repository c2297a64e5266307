"""What stands in a row in the place of a payload, or of a part of one, that went to the object store.

Instead of a whole payload stands a JSON object that says which object holds it, and how it begins::

    {"agentops-object":{"name":"<SHA-256>.json","media_type":"application/json","bytes":300000,"preview":"[{…"}}

Instead of base64 inside a payload stands ``agentops-object:<SHA-256>.<suffix>:<bytes>``, with the size of what the
base64 spells. Both are only read as markers in a row whose ``objects`` names the object, and a payload that has the
word in it from the start is never marked inside: so whatever a client sends comes back as it was.
"""

import base64
import logging
import re
from collections.abc import Callable, Collection

import msgspec

from agentops_server.domain.media import MediaName, find_media_name
from agentops_server.errors import NotFound

logger = logging.getLogger(__name__)

WORD = "agentops-object"
PREVIEW_CHARACTERS = 1000
_INSIDE = re.compile(rf"{WORD}:([0-9a-f]{{64}}\.[a-z0-9]+):\d+")


class _Place(msgspec.Struct):
    name: str
    media_type: str
    bytes: int
    preview: str
    has_markers: bool = False


class _Whole(msgspec.Struct, rename={"place": WORD}):
    place: _Place


_decode_whole = msgspec.json.Decoder(_Whole).decode

Read = Callable[[MediaName], bytes]


def mark_whole(name: MediaName, size_bytes: int, text: str, *, has_markers: bool) -> str:
    """The marker in the place of a whole payload, which itself may have markers inside."""
    place = _Place(str(name), name.content_type, size_bytes, text[:PREVIEW_CHARACTERS], has_markers)
    return msgspec.json.encode(_Whole(place)).decode()


def mark_inside(name: MediaName, size_bytes: int) -> str:
    """The marker in the place of base64 inside a payload."""
    return f"{WORD}:{name}:{size_bytes}"


def restore(text: str, names: Collection[str], read: Read) -> str:
    """The payload as it was sent.

    Args:
        text: The payload as it stands in its row.
        names: The objects that the row names.
        read: Gives the content of an object; where it raises `NotFound`, the marker stays.
    """
    if WORD not in text:
        return text
    if (place := _find_place(text)) is not None and place.name in names:
        whole = _read(place.name, read)
        if whole is None:
            return text
        text = whole.decode()
        if not place.has_markers:
            return text
    return _INSIDE.sub(lambda match: _restore_inside(match, names, read), text)


def _find_place(text: str) -> _Place | None:
    if not text.startswith(f'{{"{WORD}":'):
        return None
    try:
        return _decode_whole(text.encode()).place
    except msgspec.MsgspecError:
        return None


def _restore_inside(match: re.Match[str], names: Collection[str], read: Read) -> str:
    content = _read(match[1], read) if match[1] in names else None
    return match[0] if content is None else base64.b64encode(content).decode()


def _read(name_text: str, read: Read) -> bytes | None:
    name = find_media_name(name_text)
    try:
        return None if name is None else read(name)
    except NotFound:
        logger.warning("the object %s, which an event refers to, is not in the object store", name_text)
        return None
