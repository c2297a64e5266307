"""Classes whose instances are agents, tasks, traces and so on: from construction on, and around what their methods do.

A class stays what it is: its methods are wrapped in place. What is known of an instance is kept beside it, not in it,
because instances are copied, pickled and validated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import _clock, _context
from ._agents import Agent, initialize_as, iter_methods
from ._beside import Beside, can_be_kept
from ._calls import wrap
from ._client import Client
from ._events import outcome_of
from ._guard import attempt, guarded
from ._recording import Setting, read_arguments, record_error
from ._traces import Inside, begin_session
from ._traits import make_event

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from inspect import Signature
    from uuid import UUID

    from ._calls import Call
    from ._events import ActionEvent, ToolEvent
    from ._session import Session
    from ._traits import Traits

_TRACES = frozenset(("trace", "session", "track_endpoint"))
_MOST_SESSIONS = 64
_ENTRIES, _EXITS = ("__enter__", "__aenter__"), ("__exit__", "__aexit__")


class Life:
    """What one instance does: an event in each session in which it acts, or a session of its own."""

    def __init__(self, kind: str, label: str, traits: Traits, params: object = None) -> None:
        self._kind, self._label, self._traits, self._params = kind, label, traits, params
        self.agent = Agent(label) if kind == "agent" else None
        self._own = begin_session(label, traits.tags) if kind in _TRACES else None
        self._events: dict[UUID, ActionEvent | ToolEvent] = {}

    def begin(self) -> Call | None:
        """The instance is called. None where nothing is to be recorded."""
        session = self._own or Client().find_current()
        if session is None or not session.is_running:
            return None if self.agent is None else self.agent.begin()
        event = self._event_in(session)
        if self._own is not None:
            return _LifeCall(session, event, Inside(session, event), is_outermost=False)
        is_outermost = _context.parent.get() == event.parent_id
        values: list[tuple[Any, object]] = [(_context.parent, event.id)] if is_outermost else []
        if self.agent is not None:
            values.append((_context.agent, self.agent.id))
        return _LifeCall(session, event, Setting(*values), is_outermost=is_outermost)

    def _event_in(self, session: Session) -> ActionEvent | ToolEvent:
        event = self._events.get(session.session_id)
        if event is None:
            while len(self._events) >= _MOST_SESSIONS:
                del self._events[next(iter(self._events))]
            own = self._own is not None
            event = make_event("session" if own else self._kind, self._label, self._traits)
            event.params = self._params
            if own:
                event.parent_id = event.agent_id = None
            if self.agent is not None:
                self.agent.register_in(session)
                event.agent_id = self.agent.id
            self._events[session.session_id] = event
            session.record(event)  # at once: what happens below it has a parent that is there
        return event

    @guarded
    def close(self, error: BaseException | None) -> None:
        """The `with` block of the instance ends."""
        session = self._own or Client().find_current()
        event = None if session is None else self._events.get(session.session_id)
        if session is None or event is None or not session.is_running:
            return
        _record_end(session, event, error)
        if self._own is not None:
            session.end_without_waiting(*outcome_of(error), is_implicit=False)


_lives: Beside[Life] = Beside()
"""An instance that nothing can be kept beside is not followed."""


class _LifeCall:
    """One call of a method, or of the constructor."""

    def __init__(
        self,
        session: Session,
        event: ActionEvent | ToolEvent,
        place: AbstractContextManager[object],
        *,
        is_outermost: bool,
    ) -> None:
        self._session, self._event, self._place, self._is_outermost = session, event, place, is_outermost

    def current(self) -> AbstractContextManager[object]:
        return self._place

    def note(self, item: object) -> None: ...

    @guarded
    def finish(self, result: object) -> None:
        del result
        if self._is_outermost:
            _record_end(self._session, self._event, None)

    @guarded
    def fail(self, error: BaseException) -> None:
        if self._is_outermost:
            _record_end(self._session, self._event, error)


def _record_end(session: Session, event: ActionEvent | ToolEvent, error: BaseException | None) -> None:
    event.end_timestamp = _clock.now()
    session.record(event)
    if error is not None:
        record_error(session, event, error)


def follow_class(target: type, kind: str, label: str, traits: Traits) -> None:
    """Have each instance of the class followed."""
    from inspect import signature  # noqa: PLC0415 - see _calls.wrap

    initialize: Callable[..., None] = target.__init__  # type: ignore[misc]
    shape = attempt(lambda: signature(initialize), None)

    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
        del kwargs
        if not args or not can_be_kept(args[0]):
            return None
        life = _lives.find(args[0])
        if life is None:  # a copy, or unpickled
            life = Life(kind, label, traits)
            _lives.keep(args[0], life)
        return life.begin()

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes the method of that name
        call = None
        if (
            can_be_kept(self) and _lives.find(self) is None
        ):  # else it is followed as an instance of a class derived from this one
            own = str(kwargs.pop("agentops_name", None) or label) if kind == "agent" else label
            call = attempt(_begin_life, None, self, (kind, own, traits), shape, args, kwargs)
        place = Setting() if call is None else call.current()
        try:
            with place:
                initialize_as(initialize, self, args, kwargs)
        except BaseException as error:
            if call is not None:
                call.fail(error)
            raise
        if call is not None:
            call.finish(None)

    for key, member in iter_methods(target):
        setattr(target, key, wrap(member, begin))
    if "__call__" in vars(target):
        setattr(target, "__call__", wrap(vars(target)["__call__"], begin))  # noqa: B010 - a method of a type
    _add_blocks(target, begin)
    __init__.__doc__, __init__.__wrapped__ = initialize.__doc__, initialize  # type: ignore[attr-defined]
    target.__init__ = __init__  # type: ignore[misc]


def _begin_life(
    instance: object,
    what: tuple[str, str, Traits],
    shape: Signature | None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Call | None:
    life = Life(*what, read_arguments(shape, (instance, *args), kwargs))
    _lives.keep(instance, life)
    if life.agent is not None:
        attempt(setattr, None, instance, "agentops_agent_id", str(life.agent.id))
        attempt(setattr, None, instance, "agentops_agent_name", life.agent.name)
    return life.begin()


def _add_blocks(target: type, begin: Callable[..., Call | None]) -> None:
    """`with` and `async with` end what the instance is, whether the class is made for it or not."""
    for name in _ENTRIES:
        previous = getattr(target, name, None)
        if previous is None:
            setattr(target, name, _enter if name == "__enter__" else _enter_async)
        else:
            setattr(target, name, wrap(previous, begin))
    setattr(target, _EXITS[0], _make_exit(getattr(target, _EXITS[0], None)))
    setattr(target, _EXITS[1], _make_async_exit(getattr(target, _EXITS[1], None)))


def _enter(self: Any) -> Any:
    return self


async def _enter_async(self: Any) -> Any:
    return self


def _make_exit(previous: Callable[..., Any] | None) -> Callable[..., Any]:
    def __exit__(self: Any, kind: Any, error: Any, trace: Any) -> Any:  # noqa: N807 - see __init__
        try:
            return None if previous is None else previous(self, kind, error, trace)
        finally:
            _close(self, error)

    return __exit__


def _make_async_exit(previous: Callable[..., Any] | None) -> Callable[..., Any]:
    async def __aexit__(self: Any, kind: Any, error: Any, trace: Any) -> Any:  # noqa: N807 - see __init__
        try:
            return None if previous is None else await previous(self, kind, error, trace)
        finally:
            _close(self, error)

    return __aexit__


def _close(instance: object, error: BaseException | None) -> None:
    life = _lives.find(instance)
    if life is not None:
        life.close(error)
