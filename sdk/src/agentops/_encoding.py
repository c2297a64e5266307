"""Any Python value -> JSON bytes. Never an error, never an empty stand-in.

What JSON lacks gets a faithful form, or one that says what it stands for. Two roads lead to the same bytes. msgspec
takes what it knows and asks `to_plain` for the rest; the worker loads it, because its import is too slow for `init()`.
Until then, and for what it refuses (cycles, tuple keys, lone surrogates) or what is too long,
`to_plain` walks the whole value and the standard library encodes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from ._guard import attempt
from ._plain import MAX_TEXT_CHARS, to_plain

_fast: Callable[[object], bytes] | None = None
_REFUSED = b""


def load_fast_encoder() -> None:
    """Import msgspec if it is installed. Called on the worker's thread."""
    global _fast  # noqa: PLW0603 - one encoder per process
    if _fast is not None:
        return
    try:
        import msgspec  # noqa: PLC0415 - 25 ms that nobody should wait for
    except ImportError:
        return
    _fast = msgspec.json.Encoder(enc_hook=to_plain).encode


def encode(value: object) -> bytes:
    """The JSON of a value, in UTF-8. Text beyond MAX_TEXT_CHARS is cut, with a marker that keeps its true length."""
    if _fast is not None:
        data = attempt(_fast, _REFUSED, value)
        if data is not _REFUSED and len(data) <= MAX_TEXT_CHARS:
            return data
    return encode_plain(to_plain(value))


def encode_plain(value: object) -> bytes:
    """The JSON of a value that is JSON already."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
