"""The JSON of what a project's people manage: its API keys, and tags that they add."""

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


class TaggingBody(msgspec.Struct):
    """Tags, and the sessions that get them."""

    session_ids: list[str]
    tags: list[str]


class TaggedView(msgspec.Struct):
    """How many sessions have the tags now, and the ids that the project has no session for."""

    tagged: int
    missing: list[str]


SHAPES = (KeyBody, KeyView, NewKeyView, KeysView, TaggingBody, TaggedView)
