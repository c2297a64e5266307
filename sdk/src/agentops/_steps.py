"""The decorators of SDK 0.4: functions and classes that are traces, agents, tasks, tools and so on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import _context
from ._agents import Agent
from ._recording import RecordedCall, Setting, decorate, find_session, name_of, read_arguments, take_session
from ._traces import TraceCall, begin_session
from ._traits import Traits, make_event, warn_of_unknown

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from inspect import Signature

    from ._calls import Call
    from ._recording import Announce
    from ._traits import Tags

F = TypeVar("F", bound=Callable[..., Any])
Plan = Callable[[str, Traits], "Announce"]


class StepDecorator:
    """A decorator for functions, sync or async, generators, async generators, and classes; with or without arguments.

    Each call is an event with its arguments, its result and its times; what happens inside has it as parent, whether it
    is recorded by a decorator, by `record`, or by automatic capture. A call that raises has an error with it.
    Instances of a class are one event each, from construction on; what their methods do has it as parent.
    """

    def __init__(self, kind: str, plan: Plan) -> None:
        self.__name__ = self.__qualname__ = kind
        self._kind = kind
        self._plan = plan

    def __repr__(self) -> str:
        return f"<decorator agentops.{self.__name__}>"

    @overload
    def __call__(self, wrapped: F, /) -> F: ...
    @overload
    def __call__(
        self,
        wrapped: str | None = None,
        /,
        *,
        name: str | None = None,
        version: object = None,
        tags: Tags | None = None,
        cost: object = None,
        spec: object = None,
        capture_request: bool = True,
        capture_response: bool = True,
        **unknown: object,
    ) -> Callable[[F], F]: ...
    def __call__(
        self,
        wrapped: Callable[..., Any] | str | None = None,
        /,
        *,
        name: str | None = None,
        version: object = None,
        tags: Tags | None = None,
        cost: object = None,
        spec: object = None,
        capture_request: bool = True,
        capture_response: bool = True,
        **unknown: object,
    ) -> Any:
        """Decorate.

        Args:
            wrapped: the function or class, or a name for it.
            name: what the events are called; the name of the function or class if not given.
            version: of the function or class, kept with each event.
            tags: kept with each event; those of a trace are the session's.
            cost: of a tool, US dollars for each call.
            spec: of a guardrail, `input` or `output`.
            capture_request: of an endpoint, whether what was asked is kept.
            capture_response: of an endpoint, whether what was answered is kept.
            unknown: is warned about, and ignored.
        """
        warn_of_unknown(f"@{self.__name__}", unknown)
        label = wrapped if isinstance(wrapped, str) else name
        traits = Traits(label, version, tags, cost, spec, capture_request, capture_response)
        if wrapped is None or isinstance(wrapped, str):
            return lambda target: self._decorate(target, traits)
        return self._decorate(wrapped, traits)

    def _decorate(self, target: F, traits: Traits) -> F:
        label = str(traits.name or name_of(target))
        if isinstance(target, type):
            from ._lifetimes import follow_class  # noqa: PLC0415 - few programs decorate classes

            follow_class(target, self._kind, label, traits)
            return target
        return decorate(target, self._plan(label, traits))


class _AgentStepCall(RecordedCall):
    """A call of a function that is an agent: what happens meanwhile is that agent's."""

    def current(self) -> AbstractContextManager[object]:
        return Setting((_context.parent, self._event.id), (_context.agent, self._event.agent_id))


def _plan_step(kind: str) -> Plan:
    def plan(label: str, traits: Traits) -> Announce:
        def begin(args: tuple[Any, ...], kwargs: dict[str, Any], shape: Signature | None) -> Call:
            session = take_session(kwargs, shape) or find_session(label)
            event = make_event(kind, label, traits)
            event.params = read_arguments(shape, args, kwargs)
            return RecordedCall(event, session)

        return begin

    return plan


def _plan_agent(label: str, traits: Traits) -> Announce:
    agent = Agent(label)

    def begin(args: tuple[Any, ...], kwargs: dict[str, Any], shape: Signature | None) -> Call:
        session = take_session(kwargs, shape) or find_session(label)
        if session is not None:
            agent.register_in(session)
        event = make_event("agent", label, traits)
        event.agent_id, event.params = agent.id, read_arguments(shape, args, kwargs)
        return _AgentStepCall(event, session)

    return begin


def _plan_trace(label: str, traits: Traits) -> Announce:
    def begin(args: tuple[Any, ...], kwargs: dict[str, Any], shape: Signature | None) -> Call:
        session = begin_session(label, traits.tags)
        root = make_event("session", label, traits, is_root=True)
        root.parent_id = root.agent_id = None
        root.params = read_arguments(shape, args, kwargs)
        return TraceCall(session, root)

    return begin


def _plan_endpoint(label: str, traits: Traits) -> Announce:
    def begin(args: tuple[Any, ...], kwargs: dict[str, Any], shape: Signature | None) -> Call:
        from ._endpoints import EndpointCall  # noqa: PLC0415 - few programs have one

        return EndpointCall(label, traits, read_arguments(shape, args, kwargs))

    return begin


trace: StepDecorator = StepDecorator("trace", _plan_trace)
session: StepDecorator = StepDecorator("session", _plan_trace)
agent: StepDecorator = StepDecorator("agent", _plan_agent)
operation: StepDecorator = StepDecorator("operation", _plan_step("operation"))
task: StepDecorator = StepDecorator("task", _plan_step("task"))
workflow: StepDecorator = StepDecorator("workflow", _plan_step("workflow"))
tool: StepDecorator = StepDecorator("tool", _plan_step("tool"))
guardrail: StepDecorator = StepDecorator("guardrail", _plan_step("guardrail"))
track_endpoint: StepDecorator = StepDecorator("track_endpoint", _plan_endpoint)
