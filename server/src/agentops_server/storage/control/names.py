"""What people may call projects and keys."""

import unicodedata

from agentops_server.errors import Invalid

LONGEST = 100


def clean_name(name: str) -> str:
    """The name of a project as it is stored and looked up: NFC, without surrounding space.

    Raises:
        Invalid: It is empty, longer than 100 characters, or holds control characters.
    """
    cleaned = _clean("The name of a project", name)
    if not cleaned:
        raise Invalid("The name of a project is empty")
    return cleaned


def clean_label(label: str) -> str:
    """The label of a key, which may be empty; else as `clean_name`."""
    return _clean("The label of a key", label)


def _clean(what: str, text: str) -> str:
    cleaned = unicodedata.normalize("NFC", text).strip()
    if len(cleaned) > LONGEST:
        raise Invalid(f"{what} is {len(cleaned)} characters long; {LONGEST} are allowed")
    if not cleaned.isprintable():
        raise Invalid(f"{what} holds control characters: {cleaned!r}")
    return cleaned
