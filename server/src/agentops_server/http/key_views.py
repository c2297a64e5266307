"""The JSON of API keys."""

import msgspec


class KeyBody(msgspec.Struct):
    """A key that is to be made; the label tells it from others."""

    label: str = ""


class KeyView(msgspec.Struct):
    """An API key, without its text; `hint` is its last four characters. `is_own`: the reader came with it."""

    id: str
    label: str
    hint: str
    created_at: str
    last_used_at: str | None
    revoked_at: str | None
    is_own: bool


class NewKeyView(msgspec.Struct):
    """A key that was just made, with its text, which no other answer has."""

    api_key: str
    key: KeyView


class KeysView(msgspec.Struct):
    """A project's keys."""

    keys: list[KeyView]


SHAPES = (KeyBody, KeyView, NewKeyView, KeysView)
