"""Environment variables as values."""

from __future__ import annotations

import os
from collections.abc import Iterable

_TRUE = frozenset(("true", "1", "t", "yes"))


def get_env_bool(key: str, default: bool) -> bool:
    """Whether a variable says yes; the default where it is not set."""
    value = os.environ.get(key)
    return default if value is None else value.lower() in _TRUE


def get_env_int(key: str, default: int) -> int:
    """A variable as a number; the default where it is none."""
    try:
        return int(os.environ[key])
    except (KeyError, ValueError):
        return default


def get_env_list(key: str, default: Iterable[str] | None = None) -> set[str]:
    """What a variable lists between commas."""
    value = os.environ.get(key)
    return set(default or ()) if value is None else set(value.split(","))
