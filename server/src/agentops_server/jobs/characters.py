"""How many characters of text the messages of a call have: what a count of its tokens can be estimated from."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from agentops_server.storage.objects.markers import WORD

CHARACTERS_PER_TOKEN = 4
"""The providers' rule of thumb for English. A tokenizer would have to load its vocabulary from the network."""
DEEPEST = 100

# What stands beside the text of a message and costs a token or none, or is no text at all.
_NO_TEXT = frozenset(
    {
        "role",
        "type",
        "id",
        "index",
        "object",
        "tool_call_id",
        "finish_reason",
        "media_type",
        "mime_type",
        "format",
        "detail",
        "signature",
        "encrypted_content",
        "url",
        "uri",
        "image_url",
        "input_audio",
        "inline_data",
        "file_data",
        "b64_json",
        "data",
    }
)
_ENCODED = re.compile(r"data:[\w/+.;=-]{0,200};base64,|[A-Za-z0-9+/_-]{200,}={0,2}\s*\Z")


def estimate_tokens(payload: str) -> int:
    """The tokens of a payload's text, about: a fourth of its characters, rounded up.

    Args:
        payload: JSON text: a prompt, a completion, a list of messages. Images, audio and files do not count, nor does
            what only frames the text. A payload that stands in the object store counts by its size.
    """
    try:
        value = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, RecursionError):
        value = payload
    if isinstance(value, dict) and isinstance(place := value.get(WORD), dict) and isinstance(place.get("bytes"), int):
        characters = int(place["bytes"])
    else:
        characters = sum(map(len, _iter_texts(value, DEEPEST)))
    return -(-characters // CHARACTERS_PER_TOKEN)


def _iter_texts(value: Any, levels: int) -> Iterator[str]:
    if isinstance(value, str):
        if not _ENCODED.match(value) and not value.startswith(f"{WORD}:"):
            yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, (int, float)):
        yield str(value)
    elif levels:
        items = value if isinstance(value, list) else [item for key, item in value.items() if key not in _NO_TEXT]
        for item in items:
            yield from _iter_texts(item, levels - 1)
