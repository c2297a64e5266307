"""Any Python value -> dict, list, str, int, float, bool and None."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from ._guard import attempt

if TYPE_CHECKING:
    import datetime as dt
    from typing import Any

    from ._redaction import Redactor

MAX_TEXT_BYTES = 1_000_000
"""Longer text is cut; its true length is kept in the marker."""
MAX_BINARY_BYTES = 25_000_000
"""Images, audio and screenshots are kept whole up to here."""
MAX_DEPTH = 64
MAX_ELEMENTS = 100_000
"""Arrays of more numbers are summed up, with their shape."""
_BASE64_PREFIXES = ("data:", "iVBOR", "/9j/", "R0lG", "UklG", "JVBER", "SUQz", "GkXf", "AAAA")
_NOT_BASE64 = bytes(
    byte for byte in range(256) if not (chr(byte).isascii() and (chr(byte).isalnum() or byte in b"+/=-_"))
)
_NUMBER_MODULES = frozenset(("decimal", "_decimal", "fractions"))
_FAILED = object()


class Plain:
    """Turns values into JSON's own types.

    Cycles and nesting deeper than 64 levels end in a marker. bytes become base64; Decimal, UUID, dates and times their
    usual text; an Enum its value; a set a list; dataclasses, pydantic models and the like an object of their fields; an
    exception its type and message; anything else `{"type": …, "repr": …}`. NaN and infinities become null.

    Args:
        max_text_bytes: text that is longer in UTF-8 is cut, except what looks like base64, which has 25 MB.
        redactor: sees every text before it is cut.
    """

    def __init__(self, max_text_bytes: int = MAX_TEXT_BYTES, redactor: Redactor | None = None) -> None:
        self._max_text_bytes = max_text_bytes
        self._redactor = redactor

    def __call__(self, value: object) -> object:
        return self._walk(value, ())

    def _walk(self, value: object, path: tuple[int, ...]) -> object:
        kind = type(value)
        if kind is str:
            return self._text(value)  # type: ignore[arg-type]
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if self._redactor is None else self._redactor.redact_number(value)  # type: ignore[arg-type]
        if kind is float:
            return value if math.isfinite(value) else None  # type: ignore[arg-type]
        return self._walk_nested(value, path)

    def _walk_nested(self, value: object, path: tuple[int, ...]) -> object:
        if id(value) in path:
            return f"<cycle: {_name(value)}>"
        if len(path) >= MAX_DEPTH:
            return f"<nested deeper than {MAX_DEPTH} levels: {_name(value)}>"
        inner = (*path, id(value))
        if isinstance(value, Mapping):
            pairs = attempt(lambda: list(value.items()), None)
            return self._describe(value) if pairs is None else self._object(pairs, inner)
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._walk(item, inner) for item in list(value)]
        return self._walk_object(value, inner)

    def _object(self, pairs: list[tuple[object, object]], path: tuple[int, ...]) -> dict[str, object]:
        fields: dict[str, object] = {}
        for key, item in pairs:
            name = self._key(key)
            if name in fields:  # 1 and "1", or two that are redacted to the same
                name = f"{name} ({len(fields) + 1})"
            if self._redactor is not None and isinstance(item, (str, bytes)) and self._redactor.hides(name):
                fields[name] = self._redactor.marker
            else:
                fields[name] = self._walk(item, path)
        return fields

    def _walk_object(self, value: object, path: tuple[int, ...]) -> object:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return self._binary(value)
        for base, form in _scalars():
            if isinstance(value, base):
                result = attempt(form, _FAILED, value)
                return self._describe(value) if result is _FAILED else self._walk(result, path)
        number = type(value).__module__ in _NUMBER_MODULES and not isinstance(value, type)
        fields = attempt(str, _FAILED, value) if number else _fields_of(value)
        return self._describe(value) if fields is _FAILED else self._walk(fields, path)

    def _text(self, text: str) -> str:
        if not text.isascii():
            # Lone surrogates, which files and processes may hand over, have no form in UTF-8.
            text = text.encode("utf-8", "backslashreplace").decode("utf-8")
        if self._redactor is not None:
            text = self._redactor.redact(text)
        if len(text) * 4 <= self._max_text_bytes:
            return text
        data = text.encode()
        size = len(data)
        if size <= self._max_text_bytes or (size <= MAX_BINARY_BYTES * 4 // 3 + 64 and is_base64(text)):
            return text
        return f"{data[: self._max_text_bytes].decode(errors='ignore')}… [cut: {size} bytes in all]"

    def _binary(self, value: bytes | bytearray | memoryview) -> str:
        import base64  # noqa: PLC0415 - few events hold bytes

        data = bytes(value)
        if self._redactor is not None:
            data = self._redactor.redact_bytes(data)
        if len(data) > MAX_BINARY_BYTES:
            return f"<{len(data)} bytes, more than the limit of {MAX_BINARY_BYTES}>"
        return base64.b64encode(data).decode("ascii")

    def _key(self, key: object) -> str:
        if isinstance(key, Enum):
            return self._key(key.value)
        text = _key_text(key)
        return self._text(text) if isinstance(text, str) else f"<key: {_name(key)}>"

    def _describe(self, value: object) -> dict[str, str]:
        text = attempt(repr, None, value)
        return {"type": _name(value), "repr": self._text(text) if isinstance(text, str) else "<repr() failed>"}


def is_base64(text: str) -> bool:
    """True for what is base64 by all appearance: an image, a sound, a document. Prose and runs of a letter are not."""
    start = text[:4096]
    if not start.startswith(_BASE64_PREFIXES):
        kinds = any(map(str.isupper, start)), any(map(str.islower, start)), any(map(str.isdigit, start))
        if not all(kinds):
            return False
    payload = text.partition(";base64,")[2] if start.startswith("data:") else text
    if not payload.isascii():
        return False
    data = payload.encode("ascii")
    return bool(data) and len(data.translate(None, _NOT_BASE64)) == len(data)


def _key_text(key: object) -> object:
    if isinstance(key, str):
        return str.__str__(key)
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    import datetime as dt  # noqa: PLC0415 - importing us must stay quick

    if isinstance(key, dt.date):
        return _moment(key)
    return attempt(str, None, key)


def _moment(value: dt.datetime | dt.date | dt.time) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def _exception(error: BaseException) -> dict[str, str]:
    return {"type": _name(error), "message": str(error)}


@functools.cache
def _scalars() -> tuple[tuple[type | tuple[type, ...], Callable[..., object]], ...]:
    """What stands for one value, by its type."""
    import datetime as dt  # noqa: PLC0415 - as above

    return (
        (Enum, lambda value: value.value),
        (str, str.__str__),
        (bool, bool),
        (int, int),
        (float, float),
        ((dt.date, dt.time), _moment),
        (dt.timedelta, lambda value: f"{value.total_seconds()}s"),
        (UUID, str),
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
        attributes = getattr(kind, "__attrs_attrs__", ())
        return attempt(lambda: {field.name: getattr(value, field.name) for field in attributes}, _FAILED)
    for method in ("model_dump", "to_dict") if "pydantic" in sys.modules or hasattr(kind, "to_dict") else ():
        if callable(getattr(kind, method, None)):
            return attempt(getattr(value, method), _FAILED)
    if kind.__module__.partition(".")[0] == "numpy" and callable(getattr(kind, "tolist", None)):
        return _elements_of(value)
    return _FAILED


def _elements_of(array: Any) -> object:
    """The numbers of a numpy array or scalar as Python's; _FAILED if it has too many, which its `repr` sums up."""
    size = attempt(getattr, 0, array, "size")
    elements = attempt(array.tolist, _FAILED) if isinstance(size, int) and size <= MAX_ELEMENTS else _FAILED
    return _FAILED if type(elements) is type(array) else elements  # a long double is no number of Python's


def _name(value: object) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


to_plain = Plain(sys.maxsize)
"""Whole texts: for what is kept for a while before it is encoded, which is when texts are redacted and cut."""


def iter_texts(values: Iterable[object]) -> list[str]:
    """Each value as text, for lists of tags: order kept, duplicates dropped."""
    return list(dict.fromkeys(to_text(value) for value in values))


def find_tags(value: object) -> list[str] | None:
    """Tags as texts: a list as it is, a bare text as one, an object as `name:value`; None if it cannot mean tags."""
    if value is None:
        return []
    return attempt(lambda: iter_texts(_iter_tags(value)), None) if isinstance(value, Iterable) else None


def _iter_tags(value: Iterable[object]) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from (f"{to_text(name)}:{to_text(item)}" for name, item in value.items())
    else:
        items = [value] if isinstance(value, str) else value
        yield from (item for item in items if not (item is None or (isinstance(item, str) and not item)))


def to_text(value: object) -> str:
    """A value as text, never an error."""
    return to_plain._key(value)
