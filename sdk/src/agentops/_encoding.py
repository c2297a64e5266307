"""Any Python value -> JSON bytes. Never an error, never an empty stand-in.

What JSON lacks gets a faithful form, or one that says what it stands for. Two roads lead to the same bytes. orjson
takes what it knows and asks `to_plain` for the rest; the worker loads it, because its import is too slow for `init()`.
Until then, and for what it refuses (cycles, tuple keys, lone surrogates), what is to be redacted, or what is so long
that a text of it may have to be cut, `Plain` walks the whole value and the standard library encodes it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ._plain import MAX_TEXT_BYTES, Plain, to_plain

if TYPE_CHECKING:
    from ._config import Configuration
    from ._redaction import Redactor

has_looked = False
"""Whether the fast encoder was looked for. Until then an event takes five times as long."""
_fast: Callable[[object, Callable[[object], object], int], bytes] | None = None
_OPTIONS = _LINE_OPTIONS = 0
_IMPORT_SECONDS = 1.0
_FIXED = frozenset(
    (
        *("id", "session_id", "participant_id", "agent_id", "parent_id", "trigger_event_id", "sequence"),
        *("refused_events",),
        *("init_timestamp", "end_timestamp", "timestamp", "end_state", "end_is_implicit", "is_running", "video"),
        *("model", "prompt_tokens", "completion_tokens", "cost"),
    )
)
"""Fields that say which, when and how much, not what: they are neither redacted nor cut."""
_KNOWN_TYPES = frozenset(
    (
        *("llms", "tools", "actions", "errors", "apis"),
        *("session", "agent", "task", "workflow", "operation", "guardrail", "http", "chain", "retriever"),
    )
)


def load_fast_encoder() -> None:
    """Import orjson if it is installed: 6 ms. On the worker's thread, or by the first event if that is sooner.

    Never on the main thread: a handler that raises, like Python's own of SIGINT, would break off the import, and orjson
    does not survive that: it takes the process with it. Handlers run on the main thread only, so another one imports.
    """
    global has_looked  # noqa: PLW0603 - one encoder per process
    if has_looked:
        return
    has_looked = True
    if threading.current_thread() is not threading.main_thread():
        _import_fast_encoder()
        return
    thread = threading.Thread(target=_import_fast_encoder, name="agentops-import", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # at interpreter exit, or there are too many; the next event tries again
        has_looked = False
        return
    thread.join(_IMPORT_SECONDS)


def _import_fast_encoder() -> None:
    global _fast, _OPTIONS, _LINE_OPTIONS  # noqa: PLW0603 - as above
    try:
        import orjson  # noqa: PLC0415 - milliseconds that nobody should wait for
    except ImportError:
        return
    # Dates and dataclasses have one form only, that of `to_plain`.
    _OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    _LINE_OPTIONS = _OPTIONS | orjson.OPT_APPEND_NEWLINE
    _fast = orjson.dumps


class FastEncoding:
    """What is to be called for a line: `dumps(value, to_plain, options)`. A longer one may have a text to be cut."""

    __slots__ = ("dumps", "most_bytes", "options", "to_plain")
    dumps: Callable[[object, Callable[[object], object], int], bytes]
    to_plain: Callable[[object], object]
    options: int
    most_bytes: int

    def __init__(
        self,
        dumps: Callable[[object, Callable[[object], object], int], bytes],
        to_plain: Callable[[object], object],
        options: int,
        most_bytes: int,
    ) -> None:
        self.dumps = dumps
        self.to_plain = to_plain
        self.options = options
        self.most_bytes = most_bytes


class Encoder:
    """Encodes the objects of the protocol for one session: its limit of text, and its redaction."""

    def __init__(self, max_text_bytes: int = MAX_TEXT_BYTES, redactor: Redactor | None = None) -> None:
        self._max_text_bytes = max_text_bytes
        self.redacts: bool = redactor is not None
        self._plain = Plain(max_text_bytes, redactor)
        self._fixed = Plain()

    @property
    def fast(self) -> FastEncoding | None:
        """The fast encoding of what needs no walk; None where it was not found, or everything is to be redacted."""
        if _fast is None or self.redacts:
            return None
        return FastEncoding(_fast, to_plain, _LINE_OPTIONS, self._max_text_bytes)

    def encode(self, value: dict[str, object]) -> bytes:
        """The JSON of an object, in UTF-8. What is short as a whole has no text that is too long: it costs no walk."""
        if _fast is not None and not self.redacts:
            try:
                data = _fast(value, to_plain, _OPTIONS)
                if len(data) <= self._max_text_bytes:
                    return data
            except Exception:  # noqa: BLE001, S110 - of a foreign object; the walk finds a form for it
                pass
        return encode_plain({name: self._to_plain(name, field) for name, field in value.items()})

    def clean(self, value: object) -> object:
        """A value as JSON has it, redacted and cut."""
        return self._plain(value)

    def encode_clean(self, value: object) -> bytes:
        """The JSON of a value whose parts are clean."""
        return encode_plain(value) if _fast is None else _fast(value, to_plain, _OPTIONS)

    def _to_plain(self, name: str, field: object) -> object:
        is_type = name in {"event_type", "trigger_event_type"} and isinstance(field, str) and field in _KNOWN_TYPES
        return self._fixed(field) if name in _FIXED or is_type else self._plain(field)


def encode_plain(value: object) -> bytes:
    """The JSON of a value that is JSON already."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def open_encoder(config: Configuration) -> Encoder:
    """The encoder for a session with these options."""
    if not config.redact:
        return Encoder(config.max_text_bytes)
    from ._redaction import Redactor  # noqa: PLC0415 - most sessions have none

    return Encoder(config.max_text_bytes, Redactor(config.redact))
