"""`record_action`, `record_tool`, `track_agent`: functions and classes that record themselves. Names of SDK 0.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from ._agents import Agent, track_class
from ._calls import wrap
from ._events import ActionEvent, ToolEvent
from ._recording import RecordedCall, decorate, find_session, name_of, read_arguments, take_session
from ._traits import warn_of_unknown

if TYPE_CHECKING:
    from inspect import Signature

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


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


@overload
def track_tool(name: F) -> F: ...
@overload
def track_tool(name: str | None = None, *, tool_name: str | None = None, **unknown: object) -> Callable[[F], F]: ...
def track_tool(name: F | str | None = None, *, tool_name: str | None = None, **unknown: object) -> F | Callable[[F], F]:
    """A name of `record_tool` in SDK 0.4. Any other keyword is warned about, and ignored."""
    warn_of_unknown("@track_tool", unknown)
    return _recorder(name if tool_name is None else tool_name, lambda label: ToolEvent(name=label))


def _recorder(name: F | str | None, make: Callable[[str], ActionEvent | ToolEvent]) -> F | Callable[[F], F]:
    if callable(name):  # used without parentheses
        return _record_as(None, make)(name)
    return _record_as(name, make)


def _record_as(name: object, make: Callable[[str], ActionEvent | ToolEvent]) -> Callable[[F], F]:
    def decorate_as(function: F) -> F:
        label = str(name or name_of(function))

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any], shape: Signature | None) -> RecordedCall:
            session = take_session(kwargs, shape) or find_session(label)
            event = make(label)
            event.params = read_arguments(shape, args, kwargs)
            return RecordedCall(event, session)

        return decorate(function, begin)

    return decorate_as


@overload
def track_agent(name: F) -> F: ...
@overload
def track_agent(name: str | None = None, **unknown: object) -> Callable[[T], T]: ...
def track_agent(name: F | str | None = None, **unknown: object) -> F | Callable[[T], T]:
    """Make the decorated class or function an agent: what is recorded while its code runs belongs to it.

    Each instance of a class is an agent of its own, called `agentops_name=` at construction, `name`, or as the class.
    Instances have `agentops_agent_id` and `agentops_agent_name`.

    Args:
        name: what the agent is called; the name of the class or function if not given.
        unknown: is warned about, and ignored.
    """
    warn_of_unknown("@track_agent", unknown)
    if callable(name):  # used without parentheses
        return _track(None)(name)
    return _track(name)


def _track(name: str | None) -> Callable[[T], T]:
    def decorate(target: T) -> T:
        if isinstance(target, type):
            track_class(target, name)
            return target
        function = cast("Callable[..., Any]", target)
        agent = Agent(name or function.__name__)
        return cast("T", wrap(function, lambda _args, _kwargs: agent.begin()))

    return decorate
