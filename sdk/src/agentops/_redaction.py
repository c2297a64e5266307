"""Taking secrets out of what is recorded, before it is written anywhere.

`redact=` names built-in sets of patterns, and functions of one's own from text to text. Each text of an event goes
through all of them: values, keys, what stands for objects. What a function fails at is replaced whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, cast

from ._guard import attempt
from ._log import logger
from ._plain import is_base64

if TYPE_CHECKING:
    Redaction = Callable[[str], str]

SETS = ("secrets", "emails", "cards", "everything")
"""The built-in sets. `everything` replaces every text: what is left is the shape of a session and its figures."""
MARKER = "[redacted]"
FAILED_MARKER = "[redacted: the redaction failed]"
_SHORTEST_NUMBER = 10**9
_LARGE_CHARS = 10_000


def read_choice(value: object) -> tuple[object, ...]:
    """The option `redact` as a tuple of names and functions. ValueError: it names no set and is no function."""
    if isinstance(value, str):
        chosen: Iterable[object] = [word.strip() for word in value.split(",") if word.strip()]
    else:
        chosen = [value] if callable(value) else cast("Iterable[object]", value)
    steps = tuple(chosen)
    for step in steps:
        if not callable(step) and step not in SETS:
            raise ValueError(f"use a function from text to text, or some of {', '.join(SETS)}")
    return steps


class Redactor:
    """The redactions of one session, in the order in which they were named."""

    marker = MARKER

    def __init__(self, steps: Sequence[object]) -> None:
        from ._patterns import HIDDEN_NAMES, redact_cards, redact_emails, redact_secrets  # noqa: PLC0415 - compiles

        own = {
            "secrets": redact_secrets,
            "emails": redact_emails,
            "cards": redact_cards,
            "everything": lambda _text: MARKER,
        }
        self._steps = [cast("Redaction", own[step] if isinstance(step, str) else step) for step in steps]
        self._built_in = frozenset(own[step] for step in steps if isinstance(step, str) and step != "everything")
        self._hidden_names = HIDDEN_NAMES if "secrets" in steps else frozenset()
        self._has_failed = False

    def hides(self, name: str) -> bool:
        """True for the key of a secret, like `password`: its text is replaced whatever it looks like."""
        return name.lower().replace("-", "_") in self._hidden_names

    def redact(self, text: str) -> str:
        """The text without what is to be kept out; a marker in its place if a function fails."""
        if len(text) > _LARGE_CHARS and is_base64(text):
            steps = [step for step in self._steps if step not in self._built_in]  # images have no such shapes
        else:
            steps = self._steps
        for step in steps:
            result = attempt(step, None, text)
            if not isinstance(result, str):
                self._say_failed(step)
                return FAILED_MARKER
            text = str.__str__(result)
        # A function may return what has no form in UTF-8, like a lone surrogate.
        return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")

    def redact_number(self, value: int) -> object:
        """A whole number with the digits of a card or a key; others are figures."""
        if abs(value) < _SHORTEST_NUMBER:
            return value
        text = attempt(str, None, value)  # Python refuses to write out very large ones
        if text is None:
            return FAILED_MARKER
        redacted = self.redact(text)
        return value if redacted == text else redacted

    def redact_bytes(self, data: bytes) -> bytes:
        """Bytes that are text; others are left as they are."""
        text = attempt(data.decode, None)
        if not isinstance(text, str):
            return data
        redacted = self.redact(text)
        return data if redacted == text else redacted.encode()

    def _say_failed(self, step: object) -> None:
        if not self._has_failed:
            self._has_failed = True
            name = getattr(step, "__qualname__", type(step).__name__)
            logger.error(
                "AgentOps: the redaction %s raised, or did not return a text. What it fails at is recorded as %r. This "
                "is said once.",
                name,
                FAILED_MARKER,
            )
