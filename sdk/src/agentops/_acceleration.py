"""The compiled form of what an agent waits for, where it was built: how events are made and recorded.

`_native` does what `Event.__init__`, `Session.record`, `_fast_path` and `_mapping` do, for what is ordinary. Without it
they do all of it: an installation without a compiler, PyPy, a Python without the interpreter's lock, AGENTOPS_PURE=1.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from . import _context, _events, _ids
from ._guard import attempt, swallow
from ._wire import FIELDS, SHARED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

VERSION = 2
"""That of `sdk/native/module.c`. One that was built from another source is not used."""
_ATTRIBUTES = {"init_timestamp": "given_init", "id": "given_id"}
"""Where a parameter of an event is kept, if not under its name."""
_ACCELERATED = (_events.LLMEvent, _events.ToolEvent, _events.ActionEvent)
_INITS: dict[type[_events.Event], Any] = {kind: kind.__init__ for kind in _ACCELERATED}
_methods: list[tuple[type, str, Callable[..., object], str, str]] = []

native: ModuleType | None = None
"""The module; None before `load`, and where there is none."""
obstacle = ""
"""Why there is none, once that is known."""
_is_loaded = False


def load() -> None:
    """Have events made and recorded natively from now on, if that was built. Half a millisecond, the first time."""
    global obstacle, _is_loaded  # noqa: PLW0603 - one module per process
    if not _is_loaded:
        _is_loaded = True
        obstacle = _find_obstacle() or attempt(_begin, "what is compiled fails")


def _begin() -> str:
    global native  # noqa: PLW0603 - as above
    from . import _native  # noqa: PLC0415 - only where it is wanted

    _native.set_context(_context.agent, _context.parent)
    _ids.count_from = _native.Counter
    _native.set_sources(_events.now_ns, _events.next_salt)
    _events.hear_sources(_native.set_sources)
    if _events.next_salt is _events.own_salts:
        _events.count_anew()
    native = _native
    for kind, init in _INITS.items():
        if kind.__init__ is init:  # not what somebody has put in its place
            _accelerate(_native.add_kind, kind, init)
    for method in _methods:
        _shorten(*method)
    return ""


def add_method(owner: type, name: str, slot: str, at_length: str) -> None:
    """Have a method of one argument made short, as soon as something compiled is there.

    What is in the object's slot takes the argument, if that is compiled, too. What it does not take is for the method
    `at_length`.
    """
    _methods.append((owner, name, owner.__dict__[name], slot, at_length))
    _shorten(*_methods[-1])


def _shorten(owner: type, name: str, function: Callable[..., object], slot: str, at_length: str) -> None:
    if native is not None and owner.__dict__[name] is function:  # not what somebody has put in its place
        setattr(owner, name, native.Method(owner, function, slot, at_length, swallow))


def _find_obstacle() -> str:
    if os.environ.get("AGENTOPS_PURE", "").lower() in {"1", "true", "yes", "on"}:
        return "AGENTOPS_PURE is set"
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return "this Python runs without its lock"
    try:
        from . import _native  # noqa: PLC0415 - only where it is wanted
    except ImportError as error:
        return f"this installation has nothing compiled ({error})"
    return "" if _native.VERSION == VERSION else "what is compiled is of another version"


def _accelerate(add_kind: Callable[..., None], kind: type[_events.Event], init: Any) -> None:
    code = init.__code__
    parameters = code.co_varnames[1 : code.co_argcount]
    attributes = tuple(_ATTRIBUTES.get(name, name) for name in parameters)
    try:
        add_kind(kind, parameters, attributes, init.__defaults__, SHARED_FIELDS + FIELDS[kind])
    except (RuntimeError, TypeError, ValueError):  # imported too often, or changed by somebody: Python does it
        return
