"""Actors: what is recorded while one of them acts belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from . import _context, _ids
from ._beside import Beside, can_be_kept
from ._calls import wrap
from ._client import Client
from ._guard import attempt, guarded
from ._plain import to_text
from ._recording import Setting

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ._session import Session


class AgentCall:
    """One call inside an agent: what happens meanwhile is that agent's."""

    def __init__(self, agent_id: UUID) -> None:
        self._agent_id = agent_id

    def current(self) -> AbstractContextManager[object]:
        return Setting((_context.agent, self._agent_id))

    def note(self, item: object) -> None: ...

    def finish(self, result: object) -> None: ...

    def fail(self, error: BaseException) -> None: ...


class Agent:
    """An actor, registered in each session in which it acts."""

    def __init__(self, name: str, agent_id: UUID | None = None) -> None:
        self.id = agent_id or _ids.new_id()
        self.name = name
        self._known_in: set[UUID] = set()

    @guarded
    def register(self) -> None:
        session = Client().find_current()
        if session is not None:
            self.register_in(session)

    def register_in(self, session: Session) -> None:
        if session.session_id not in self._known_in:
            self._known_in.add(session.session_id)
            session.create_agent(self.name, self.id)

    def begin(self) -> AgentCall:
        self.register()
        return AgentCall(self.id)


_agents: Beside[Agent] = Beside()


def track_class(target: type, name: str | None) -> None:
    """Make each instance of the class an agent of its own; those that nothing can be kept beside are one together."""
    initialize = target.__init__  # type: ignore[misc]
    shared = Agent(name or target.__name__)

    def begin(args: tuple[Any, ...], _kwargs: dict[str, Any]) -> AgentCall:
        agent = _agents.find(args[0])
        if agent is None:  # a copy, unpickled, or made without the constructor
            known = _ids.find_id(attempt(getattr, None, args[0], "agentops_agent_id", None))
            agent = _begin_agent(args[0], shared, name, known)
        return agent.begin()

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes the method of that name
        place: AbstractContextManager[object] = Setting()
        if _agents.find(self) is None:  # else it is one of a class derived from this one
            own = kwargs.pop("agentops_name", None)
            agent = _begin_agent(self, shared, name if own is None else to_text(own))
            attempt(setattr, None, self, "agentops_agent_id", str(agent.id))
            attempt(setattr, None, self, "agentops_agent_name", agent.name)
            place = agent.begin().current()
        with place:
            initialize_as(initialize, self, args, kwargs)

    for key, member in iter_methods(target):
        setattr(target, key, wrap(member, begin))
    __init__.__doc__, __init__.__wrapped__ = initialize.__doc__, initialize  # type: ignore[attr-defined]
    target.__init__ = __init__  # type: ignore[misc]


def _begin_agent(instance: object, shared: Agent, name: str | None, agent_id: UUID | None = None) -> Agent:
    if not can_be_kept(instance):
        return shared
    agent = Agent(name or type(instance).__name__, agent_id)
    _agents.keep(instance, agent)
    return agent


def initialize_as(
    initialize: Callable[..., None], instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Call the constructor that a class had. `object`'s takes nothing of what `__new__` of the class was given."""
    maker: object = type(instance).__new__
    if initialize is object.__init__ and maker is not object.__new__:
        return
    initialize(instance, *args, **kwargs)


def iter_methods(target: type) -> list[tuple[str, Callable[..., Any]]]:
    """The methods that a class itself defines, those with underscores around their names left out."""
    return [
        (key, member)
        for key, member in vars(target).items()
        if callable(member) and hasattr(member, "__code__") and not key.startswith("__")
    ]
