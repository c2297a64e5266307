"""Ids as distinct types, so that one is never passed for another."""

import re
import time
import uuid
from os import urandom
from typing import NewType

ProjectId = NewType("ProjectId", uuid.UUID)
KeyId = NewType("KeyId", uuid.UUID)
SessionId = NewType("SessionId", uuid.UUID)
EventId = NewType("EventId", uuid.UUID)
AgentId = NewType("AgentId", uuid.UUID)
ParticipantId = NewType("ParticipantId", uuid.UUID)

_USUAL_FORM = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}")


def new_uuid7() -> uuid.UUID:
    """A time-ordered UUID: 48 bits of milliseconds since 1970, then random bits (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(urandom(10), "big")
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return uuid.UUID(int=value)


def find_uuid(value: object) -> uuid.UUID | None:
    """The UUID that a JSON value spells in its usual 36-character (or 32-digit) form, or None."""
    # The library's own reading also takes braces, urn: prefixes, underscores and digits of other scripts.
    return uuid.UUID(value) if isinstance(value, str) and _USUAL_FORM.fullmatch(value) else None
