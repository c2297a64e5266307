"""The one broad except of the SDK: no error of ours, and none of a foreign `__repr__`, reaches the host program."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ._log import logger

if TYPE_CHECKING:
    from typing import ParamSpec

    P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D")

on_swallow: Callable[[Exception], None] | None = None
"""Told about every swallowed error. The SDK's own tests make each one a failure."""


def swallow(error: Exception, where: str) -> None:
    """Log an internal error with its traceback and go on."""
    logger.error("AgentOps met an internal error in %s and went on without it: %r", where, error, exc_info=error)
    if os.environ.get("AGENTOPS_STRICT") == "1":
        os.write(2, f"AGENTOPS_STRICT: {where}: {error!r}\n".encode(errors="replace"))
    if on_swallow is not None:
        on_swallow(error)


def guarded(function: Callable[P, R]) -> Callable[P, R | None]:
    """Return the function's result, or None after an error, which is logged."""

    @functools.wraps(function)
    def guard(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the purpose of this module
            swallow(error, function.__qualname__)
            return None

    return guard


def attempt(function: Callable[..., R], default: D, *args: object) -> R | D:
    """Call foreign code (`__repr__`, a property, a platform query) whose failure is an ordinary outcome."""
    try:
        return function(*args)
    except Exception:  # noqa: BLE001 - the purpose of this module
        return default
