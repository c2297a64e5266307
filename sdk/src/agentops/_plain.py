"""Any Python value -> dict, list, str, int, float, bool and None."""

from __future__ import annotations

import base64
import datetime as dt
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from uuid import UUID

from ._guard import attempt

MAX_TEXT_CHARS = 1_000_000
"""Longer text is cut; its true length is kept in the marker."""
MAX_BINARY_BYTES = 25_000_000
"""Images, audio and screenshots are kept whole up to here."""
MAX_DEPTH = 64
_BASE64_PREFIXES = ("data:", "iVBOR", "/9j/", "R0lG", "UklG", "JVBER", "SUQz", "GkXf", "AAAA")
_FAILED = object()


def to_plain(value: object) -> object:
    """The value in JSON's own types.

    Cycles and nesting deeper than 64 levels end in a marker. bytes become base64; Decimal, UUID, dates and times their
    usual text; an Enum its value; a set a list; dataclasses, pydantic models and the like an object of their fields; an
    exception its type and message; anything else `{"type": …, "repr": …}`. NaN and infinities become null.
    """
    return _walk(value, ())


def _walk(value: object, path: tuple[int, ...]) -> object:
    form = _JSON_OWN.get(type(value))
    if form is not None:
        return form(value)
    return _walk_nested(value, path)


def _walk_nested(value: object, path: tuple[int, ...]) -> object:
    if id(value) in path:
        return f"<cycle: {_name(value)}>"
    if len(path) >= MAX_DEPTH:
        return f"<nested deeper than {MAX_DEPTH} levels: {_name(value)}>"
    inner = (*path, id(value))
    if isinstance(value, Mapping):
        pairs = attempt(lambda: list(value.items()), None)
        return _describe(value) if pairs is None else {_key(key): _walk(item, inner) for key, item in pairs}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_walk(item, inner) for item in list(value)]
    return _walk_object(value, inner)


def _walk_object(value: object, path: tuple[int, ...]) -> object:
    for base, form in _SCALARS:
        if isinstance(value, base):
            result = attempt(lambda form=form: form(value), _FAILED)
            return _describe(value) if result is _FAILED else _walk(result, path)
    fields = _fields_of(value)
    return _describe(value) if fields is _FAILED else _walk(fields, path)


def _cut(text: str) -> str:
    if not text.isascii():
        # Lone surrogates, which files and processes may hand over, have no form in UTF-8.
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text) <= MAX_TEXT_CHARS:
        return text
    if len(text) <= MAX_BINARY_BYTES * 4 // 3 + 64 and text.startswith(_BASE64_PREFIXES) and " " not in text[:1000]:
        return text
    return f"{text[:MAX_TEXT_CHARS]}… [cut: {len(text)} characters in all]"


_JSON_OWN: dict[type, Callable[..., object]] = {
    type(None): lambda value: value,
    bool: lambda value: value,
    str: _cut,
    int: lambda value: value,
    float: lambda value: value if math.isfinite(value) else None,
}


def _binary(value: bytes | bytearray | memoryview) -> str:
    data = bytes(value)
    if len(data) > MAX_BINARY_BYTES:
        return f"<{len(data)} bytes, more than the limit of {MAX_BINARY_BYTES}>"
    return base64.b64encode(data).decode("ascii")


def _moment(value: dt.datetime | dt.date | dt.time) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def _exception(error: BaseException) -> dict[str, str]:
    return {"type": _name(error), "message": str(error)}


_SCALARS: tuple[tuple[type | tuple[type, ...], Callable[..., object]], ...] = (
    (Enum, lambda value: value.value),
    (str, str.__str__),
    (bool, bool),
    (int, int),
    (float, float),
    ((bytes, bytearray, memoryview), _binary),
    ((dt.datetime, dt.date, dt.time), _moment),
    (dt.timedelta, lambda value: f"{value.total_seconds()}s"),
    ((Decimal, UUID), str),
    (BaseException, _exception),
)


def _fields_of(value: object) -> object:
    """The content of an object that says how it is read; _FAILED if it does not."""
    kind = type(value)
    if isinstance(value, type):
        return _FAILED
    for names in ("__dataclass_fields__", "__struct_fields__"):
        if hasattr(kind, names):
            return attempt(lambda names=names: {name: getattr(value, name) for name in getattr(kind, names)}, _FAILED)
    if hasattr(kind, "__attrs_attrs__"):
        return attempt(lambda: {field.name: getattr(value, field.name) for field in kind.__attrs_attrs__}, _FAILED)
    for method in ("model_dump", "to_dict") if "pydantic" in sys.modules or hasattr(kind, "to_dict") else ():
        if callable(getattr(kind, method, None)):
            return attempt(getattr(value, method), _FAILED)
    if kind.__module__.partition(".")[0] == "numpy" and callable(getattr(kind, "tolist", None)):
        return attempt(value.tolist, _FAILED)  # type: ignore[attr-defined]
    return _FAILED


def _key(key: object) -> str:
    if isinstance(key, Enum):
        return _key(key.value)
    if isinstance(key, str):
        return _cut(str.__str__(key))
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, (dt.datetime, dt.date)):
        return _moment(key)
    text = attempt(lambda: str(key), None)
    return text if isinstance(text, str) else f"<key: {_name(key)}>"


def _describe(value: object) -> dict[str, str]:
    text = attempt(lambda: repr(value), None)
    return {"type": _name(value), "repr": _cut(text) if isinstance(text, str) else "<repr() failed>"}


def _name(value: object) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def iter_texts(values: Iterable[object]) -> list[str]:
    """Each value as text, for lists of tags: order kept, duplicates dropped."""
    return list(dict.fromkeys(_key(value) for value in values))
