"""`record_action`, `record_tool`, `track_agent`: functions and classes that record themselves. Names of SDK 0.3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload
from uuid import UUID

from . import _clock, _context, _ids
from ._calls import wrap
from ._client import Client
from ._events import ActionEvent, ErrorEvent, ToolEvent
from ._guard import attempt, guarded
from ._log import logger
from ._plain import to_plain
from ._session import Session
from .exceptions import NoSessionError

if TYPE_CHECKING:
    from contextvars import ContextVar
    from inspect import Signature

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_MOST_ITEMS = 1000  # of what a generator gave; the rest is counted


@contextmanager
def _set(variable: ContextVar[Any], value: object) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        # A framework may finish in another context what it began in this one; that is no error of the host's.
        attempt(lambda: variable.reset(token), None)


class _RecordedCall:
    """One call of a function that is recorded as an event when it ends."""

    def __init__(self, event: ActionEvent | ToolEvent, session: Session | None) -> None:
        self._event = event
        self._session = session
        self._items: list[object] = []
        self._count = 0

    def current(self) -> AbstractContextManager[object]:
        return _set(_context.parent, self._event.id)

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
        self._record(None)
        if self._session is not None and isinstance(error, Exception):
            self._session.record(ErrorEvent(trigger_event=self._event, exception=error))

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


@overload
def record_action(name: F) -> F: ...
@overload
def record_action(name: str | None = None) -> Callable[[F], F]: ...
def record_action(name: F | str | None = None) -> F | Callable[[F], F]:
    """Record each call of the decorated function as an action with its arguments and its result.

    Sync, async, generator and async generator functions. A call that raises is recorded too, with an error event that
    names it. `session=` in a call says which session; else it is the current one, and without that it just runs.

    Args:
        name: the action's type; the function's name if not given.
    """
    return _recorder(name, lambda label: ActionEvent(action_type=label))


@overload
def record_tool(name: F) -> F: ...
@overload
def record_tool(name: str | None = None) -> Callable[[F], F]: ...
def record_tool(name: F | str | None = None) -> F | Callable[[F], F]:
    """Record each call of the decorated function as a tool call. As `record_action` otherwise."""
    return _recorder(name, lambda label: ToolEvent(name=label))


@overload
def record_function(name: F) -> F: ...
@overload
def record_function(name: str | None = None) -> Callable[[F], F]: ...
def record_function(name: F | str | None = None) -> F | Callable[[F], F]:
    """The older name of `record_action`."""
    return _recorder(name, lambda label: ActionEvent(action_type=label))


def _recorder(name: F | str | None, make: Callable[[str], ActionEvent | ToolEvent]) -> F | Callable[[F], F]:
    if callable(name):  # used without parentheses
        return _record_as(None, make)(name)
    return _record_as(name, make)


def _record_as(name: object, make: Callable[[str], ActionEvent | ToolEvent]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        from inspect import signature  # noqa: PLC0415 - see _calls.wrap

        label = str(name or function.__name__)
        shape = attempt(lambda: signature(function), None)

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _RecordedCall:
            session = _take_session(kwargs, shape) or _find_session(label)
            event = make(label)
            event.params = _read_arguments(shape, args, kwargs)
            return _RecordedCall(event, session)

        return cast("F", wrap(function, begin))

    return decorate


def _take_session(kwargs: dict[str, Any], shape: Signature | None) -> Session | None:
    """The session that a call names; taken out of it unless the function has such a parameter itself."""
    session = kwargs.get("session")
    if not isinstance(session, Session):
        return None
    if shape is None or "session" not in shape.parameters:
        del kwargs["session"]
    return session


def _find_session(label: str) -> Session | None:
    try:
        return Client().get_current()
    except NoSessionError as error:
        logger.warning("AgentOps: a call of %s() is not recorded, because %s.", label, error)
        return None


def _read_arguments(shape: Signature | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
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


class _AgentCall:
    """One call inside an agent: what happens meanwhile is that agent's."""

    def __init__(self, agent_id: UUID) -> None:
        self._agent_id = agent_id

    def current(self) -> AbstractContextManager[object]:
        return _set(_context.agent, self._agent_id)

    def note(self, item: object) -> None: ...

    def finish(self, result: object) -> None: ...

    def fail(self, error: BaseException) -> None: ...


class _Agent:
    """An actor, registered in each session in which it acts."""

    def __init__(self, name: str) -> None:
        self.id = _ids.new_id()
        self.name = name
        self._known_in: set[UUID] = set()

    @guarded
    def register(self) -> None:
        session = Client().find_current()
        if session is not None and session.session_id not in self._known_in:
            self._known_in.add(session.session_id)
            session.create_agent(self.name, self.id)

    def begin(self) -> _AgentCall:
        self.register()
        return _AgentCall(self.id)


@overload
def track_agent(name: F) -> F: ...
@overload
def track_agent(name: str | None = None) -> Callable[[T], T]: ...
def track_agent(name: F | str | None = None) -> F | Callable[[T], T]:
    """Make the decorated class or function an agent: what is recorded while its code runs belongs to it.

    Each instance of a class is an agent of its own, called `agentops_name=` at construction, `name`, or as the class.
    Instances have `agentops_agent_id` and `agentops_agent_name`.

    Args:
        name: what the agent is called; the name of the class or function if not given.
    """
    if callable(name):  # used without parentheses
        return _track(None)(name)
    return _track(name)


def _track(name: str | None) -> Callable[[T], T]:
    def decorate(target: T) -> T:
        if isinstance(target, type):
            _track_class(target, name)
            return target
        function = cast("Callable[..., Any]", target)
        agent = _Agent(name or function.__name__)
        return cast("T", wrap(function, lambda _args, _kwargs: agent.begin()))

    return decorate


def _track_class(target: type, name: str | None) -> None:
    initialize = target.__init__  # type: ignore[misc]

    def begin(args: tuple[Any, ...], _kwargs: dict[str, Any]) -> _AgentCall:
        agent: _Agent = args[0].__dict__["_agentops_agent"]
        return agent.begin()

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes the method of that name
        agent = _Agent(str(kwargs.pop("agentops_name", None) or name or type(self).__name__))
        self.__dict__["_agentops_agent"] = agent
        self.agentops_agent_id, self.agentops_agent_name = str(agent.id), agent.name
        with agent.begin().current():
            initialize(self, *args, **kwargs)

    for key, member in list(vars(target).items()):
        if callable(member) and hasattr(member, "__code__") and not key.startswith("__"):
            setattr(target, key, wrap(member, begin))
    __init__.__doc__, __init__.__wrapped__ = initialize.__doc__, initialize  # type: ignore[attr-defined]
    target.__init__ = __init__  # type: ignore[misc]
