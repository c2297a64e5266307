"""One call of a decorated function as an event: its arguments before, what came of it after, and what it is around."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from . import _clock, _context
from ._calls import wrap
from ._client import Client
from ._events import ActionEvent, ErrorEvent
from ._guard import attempt, guarded
from ._log import logger
from ._plain import to_plain
from ._session import Session
from .exceptions import NoSessionError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from contextvars import ContextVar, Token
    from inspect import Signature
    from types import TracebackType

    from ._calls import Call
    from ._events import ToolEvent

    Announce = Callable[[tuple[Any, ...], dict[str, Any], Signature | None], Call | None]

F = TypeVar("F", bound=Callable[..., Any])

_MOST_ITEMS = 1000  # of what a generator gave; the rest is counted
_PASSES = "_agentops_passes"
_LEFT_BY = "agentops.left_by"
"""An attribute: by what a call was left that neither returned nor failed, like `CancelledError`."""


class Setting:
    """Context variables that have other values inside the block."""

    __slots__ = ("_tokens", "_values")

    def __init__(self, *values: tuple[ContextVar[Any], object]) -> None:
        self._values = values
        self._tokens: list[tuple[ContextVar[Any], Token[Any]]] = []

    def __enter__(self) -> None:
        for variable, value in self._values:
            self._tokens.append((variable, variable.set(value)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._tokens:
            variable, token = self._tokens.pop()
            # A framework may finish in another context what it began in this one; that is no error of the host's.
            attempt(variable.reset, None, token)


class RecordedCall:
    """One call of a function that is recorded as an event when it ends."""

    def __init__(self, event: ActionEvent | ToolEvent, session: Session | None) -> None:
        self._event = event
        self._session = session
        self._items: list[object] = []
        self._count = 0

    def current(self) -> AbstractContextManager[object]:
        return Setting((_context.parent, self._event.id))

    @guarded
    def note(self, item: object) -> None:
        self._count += 1
        if self._count <= _MOST_ITEMS:
            self._items.append(to_plain(item))

    @guarded
    def finish(self, result: object) -> None:
        self._record(result)

    @guarded
    def fail(self, error: BaseException) -> None:
        if not isinstance(error, (Exception, GeneratorExit)):  # cancelled, for example: no error, and no end either
            more = self._event.more or {}
            attributes = more.get("attributes")
            others = attributes if isinstance(attributes, dict) else {}
            self._event.more = {**more, "attributes": {**others, _LEFT_BY: type(error).__name__}}
        self._record(None)
        if self._session is not None:
            record_error(self._session, self._event, error)

    def _record(self, result: object) -> None:
        if self._session is None:
            return
        self._event.returns = result
        if self._count:
            more = self._count - len(self._items)
            self._event.returns = [*self._items, *([f"<{more} more>"] if more else [])]
        self._event.end_timestamp = _clock.now()
        screenshot = attempt(lambda: getattr(result, "screenshot", None), None)
        if isinstance(self._event, ActionEvent) and isinstance(screenshot, (str, bytes)):
            self._event.screenshot = screenshot
        self._session.record(self._event)


def record_error(session: Session, trigger: ActionEvent | ToolEvent | Any, error: BaseException) -> None:
    """Record an exception as the error of the event in which it arose; without one, of where this is called.

    Once: on its way out it passes through the events around that one, which met no other error.
    """
    if not isinstance(error, Exception):
        return
    met_in = _context.parent.get() if trigger is None else trigger.id
    if (session.session_id, str(met_in)) not in attempt(getattr, (), error, _PASSES, ()):
        session.record(ErrorEvent(trigger_event=trigger, exception=error))
    note_error(session, error, met_in, None if trigger is None else trigger.parent_id)


def note_error(session: Session, error: BaseException, met_in: object, around: object) -> None:
    """The error is recorded in the one event; the next that it passes through, if it does, is the one around that."""
    attempt(setattr, None, error, _PASSES, tuple((session.session_id, str(place)) for place in (met_in, around)))


def decorate(target: F, announce: Announce) -> F:
    """The function with each call announced, together with its signature; methods of any sort, and properties."""
    member: Any = target
    if isinstance(member, property):
        read = None if member.fget is None else decorate(member.fget, announce)
        return cast("F", property(read, member.fset, member.fdel, member.__doc__))
    if isinstance(member, (staticmethod, classmethod)):
        return cast("F", type(member)(decorate(member.__func__, announce)))
    from inspect import signature  # noqa: PLC0415 - see _calls.wrap

    shape = attempt(lambda: signature(target), None)
    return cast("F", wrap(target, lambda args, kwargs: announce(args, kwargs, shape)))


def name_of(target: object) -> str:
    """What a function or a class is called; partial functions and callable objects are called as their type."""
    function = getattr(target, "fget", None) or getattr(target, "__func__", target)
    return str(getattr(function, "__name__", None) or type(target).__name__)


def take_session(kwargs: dict[str, Any], shape: Signature | None) -> Session | None:
    """The session that a call names; taken out of it unless the function has such a parameter itself."""
    session = kwargs.get("session")
    if not isinstance(session, Session):
        return None
    if shape is None or "session" not in shape.parameters:
        del kwargs["session"]
    return session


def find_session(label: str) -> Session | None:
    """The current session; without one it is said that the call is not recorded."""
    try:
        return Client().get_current()
    except NoSessionError as error:
        logger.warning("AgentOps: a call of %s() is not recorded, because %s.", label, error)
        return None


def read_arguments(shape: Signature | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> object:
    """The arguments by name, defaults included, as they are now: the function may change them."""
    named: dict[str, Any] = {**{str(index): value for index, value in enumerate(args)}, **kwargs}
    if shape is not None:
        found = attempt(lambda: shape.bind(*args, **kwargs), None)
        if found is not None:
            found.apply_defaults()
            named = dict(found.arguments)
            first = next(iter(named), None)
            if first in {"self", "cls"}:
                del named[first]
    return attempt(lambda: to_plain(named), None)
