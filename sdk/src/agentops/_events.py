"""What can be recorded: an event and its four kinds. Plain objects; recording one takes a snapshot of it.

The classes are written out instead of generated because constructing one is on the agent's own time.
"""

from __future__ import annotations

import os
import sys
import traceback
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from . import _clock, _context, _ids
from ._guard import attempt

_find_agent, _find_parent = _context.agent.get, _context.parent.get
now_ns = _clock.now_ns
next_salt = own_salts = _ids.count_salts()

_listeners: list[Callable[[Callable[[], int], Callable[[], int]], None]] = []


def use_sources(clock: Callable[[], int], salts: Callable[[], int]) -> None:
    """Have the moments (ns) and the ids of events come from these, wherever events are made."""
    global now_ns, next_salt
    now_ns, next_salt = clock, salts
    for listener in _listeners:
        listener(clock, salts)


def hear_sources(listener: Callable[[Callable[[], int], Callable[[], int]], None]) -> None:
    """Have somebody told whenever they change, for good."""
    _listeners.append(listener)


def count_anew() -> None:
    """Have ids made from another random number on."""
    global own_salts  # noqa: PLW0603 - one per process
    own_salts = _ids.count_salts()
    use_sources(now_ns, own_salts)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=count_anew)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Moment = str | datetime
    Identifier = UUID | str


class EventType(str, Enum):
    """The event types that are counted by name. Any other text is kept as an action of that kind."""

    LLM = "llms"
    ACTION = "actions"
    API = "apis"
    TOOL = "tools"
    ERROR = "errors"


class EndState(str, Enum):
    """How a session ended."""

    SUCCESS = "Success"
    FAILURE = "Failure"
    INDETERMINATE = "Indeterminate"
    FAIL = "Failure"  # noqa: PIE796 - an alias: its name in SDK 0.3

    @classmethod
    def _missing_(cls, value: object) -> EndState | None:
        """In any letter case, `Fail` included."""
        return _END_STATES.get(value.strip().lower()) if isinstance(value, str) else None


_END_STATES = {state.value.lower(): state for state in EndState} | {"fail": EndState.FAILURE}


class Event:
    """Anything recorded in a session. An event counts by its `event_type`, whatever its class.

    Args:
        event_type: what it is: `llms`, `tools`, `actions`, `errors`, or a name of your own, which counts as an action.
        params: what went in, any value. returns: what came out, any value.
        init_timestamp: when it began, datetime or ISO 8601 text; the moment of construction if not given.
        end_timestamp: when it ended; the moment of recording if not given.
        agent_id: the agent that did it, by id or by name; the agent of the current context if not given.
        id: UUID of the event, made at construction. Recording an event again replaces what was recorded before.
        session_id: the session it belongs to; filled in when it is recorded.

    The order and the names are those of SDK 0.3.
    """

    __slots__ = (
        "__dict__",
        "agent_id",
        "end_timestamp",
        "event_type",
        "given_id",
        "given_init",
        "made_ns",
        "more",
        "params",
        "parent_id",
        "recorded",
        "returns",
        "session_id",
    )
    event_type: EventType | str
    params: object
    returns: object
    made_ns: int
    given_id: Identifier | int
    given_init: Moment | None
    end_timestamp: Moment | None
    agent_id: Identifier | None
    session_id: Identifier | None
    parent_id: Identifier | None
    recorded: tuple[bytes, str, int] | None
    more: dict[str, object] | None

    def __init__(
        self,
        event_type: EventType | str,
        params: object = None,
        returns: object = None,
        init_timestamp: Moment | None = None,
        end_timestamp: Moment | None = None,
        agent_id: Identifier | None = None,
        id: Identifier | None = None,  # noqa: A002 - its name since SDK 0.1
        session_id: Identifier | None = None,
    ) -> None:
        self.event_type = event_type
        self.params = params
        self.returns = returns
        self.made_ns = now_ns()
        self.given_init = init_timestamp or None
        self.end_timestamp = end_timestamp
        self.agent_id = agent_id if agent_id is not None else _find_agent()
        self.given_id = next_salt() if id is None else _ids.read_given(id)
        self.session_id = session_id
        self.parent_id = _find_parent()
        self.recorded = None  # session, participant and sequence number
        self.more = None  # further fields of the protocol, for our own modules

    @property
    def id(self) -> Identifier:
        """UUID of the event, as it was given or made at construction."""
        given = self.given_id
        if isinstance(given, int):  # what tells it from others, until somebody asks
            return UUID(int=_ids.to_number(self.made_ns, given))
        return given

    @id.setter  # noqa: A003
    def id(self, value: Identifier) -> None:
        self.given_id = _ids.read_given(value)

    @property
    def init_timestamp(self) -> Moment:
        """When it began, as it was given, or ISO 8601 text."""
        return _clock.format_ns(self.made_ns) if self.given_init is None else self.given_init

    @init_timestamp.setter
    def init_timestamp(self, value: Moment) -> None:
        self.given_init = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(event_type={self.event_type!r}, id={str(self.id)!r})"


class ActionEvent(Event):
    """Something that the agent did. `screenshot` is a URL, base64 text or bytes."""

    __slots__ = ("action_type", "logs", "name", "screenshot")
    action_type: str | None
    logs: object
    name: str | None
    screenshot: str | bytes | None

    def __init__(
        self,
        event_type: EventType | str = "actions",
        params: object = None,
        returns: object = None,
        init_timestamp: Moment | None = None,
        end_timestamp: Moment | None = None,
        agent_id: Identifier | None = None,
        id: Identifier | None = None,  # noqa: A002
        session_id: Identifier | None = None,
        action_type: str | None = None,
        logs: object = None,
        screenshot: str | bytes | None = None,
        name: str | None = None,
    ) -> None:
        Event.__init__(self, event_type, params, returns, init_timestamp, end_timestamp, agent_id, id, session_id)
        self.action_type = action_type
        self.logs = logs
        self.screenshot = screenshot
        self.name = name


class LLMEvent(Event):
    """A call of a language model.

    `prompt` and `completion` are text, one message (`{"role", "content", …}`) or a list of messages; token counts are
    integers; `cost` is what the caller knows it cost in US dollars, and None lets the server price it.
    """

    __slots__ = ("completion", "completion_tokens", "cost", "model", "prompt", "prompt_tokens", "thread_id")
    prompt: object
    completion: object
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost: object
    thread_id: Identifier | None
    made_ns: int  # these are the base's; it is this class that assigns them
    given_id: Identifier | int
    given_init: Moment | None
    agent_id: Identifier | None
    parent_id: Identifier | None
    recorded: tuple[bytes, str, int] | None
    more: dict[str, object] | None

    def __init__(  # noqa: PLR0917 - positions are those of SDK 0.3
        self,
        event_type: EventType | str = "llms",
        params: object = None,
        returns: object = None,
        init_timestamp: Moment | None = None,
        end_timestamp: Moment | None = None,
        agent_id: Identifier | None = None,
        id: Identifier | None = None,  # noqa: A002
        session_id: Identifier | None = None,
        thread_id: Identifier | None = None,
        prompt: object = None,
        prompt_tokens: int | None = None,
        completion: object = None,
        completion_tokens: int | None = None,
        cost: object = None,
        model: str | None = None,
    ) -> None:
        self.event_type = event_type  # what `Event` does, without a second call: most events are of this kind
        self.params = params
        self.returns = returns
        self.made_ns = now_ns()
        self.given_init = init_timestamp or None
        self.end_timestamp = end_timestamp
        self.agent_id = agent_id if agent_id is not None else _find_agent()
        self.given_id = next_salt() if id is None else _ids.read_given(id)
        self.session_id = session_id
        self.parent_id = _find_parent()
        self.recorded = None
        self.more = None
        self.thread_id = thread_id
        self.prompt = prompt
        self.prompt_tokens = prompt_tokens
        self.completion = completion
        self.completion_tokens = completion_tokens
        self.cost = cost
        self.model = model


class ToolEvent(Event):
    """A call of a tool."""

    __slots__ = ("logs", "name", "tool_name")
    name: str | None
    logs: object
    tool_name: str | None

    def __init__(
        self,
        event_type: EventType | str = "tools",
        params: object = None,
        returns: object = None,
        init_timestamp: Moment | None = None,
        end_timestamp: Moment | None = None,
        agent_id: Identifier | None = None,
        id: Identifier | None = None,  # noqa: A002
        session_id: Identifier | None = None,
        name: str | None = None,
        logs: object = None,
        tool_name: str | None = None,
    ) -> None:
        Event.__init__(self, event_type, params, returns, init_timestamp, end_timestamp, agent_id, id, session_id)
        self.name = name
        self.logs = logs
        self.tool_name = tool_name


class ErrorEvent(Event):
    """An error. What an `exception` tells (type, message, traceback) fills in what is not given.

    `trigger_event` is the event that failed, or its id; the event need not have been recorded. Without an `exception`,
    `logs` are the traceback of what is being handled, inside of an `except` block.
    """

    __slots__ = ("code", "details", "error_type", "exception", "logs", "timestamp", "trigger_event")
    trigger_event: Event | Identifier | None
    exception: BaseException | str | None
    error_type: str | type | None
    code: str | int | None
    details: object
    logs: object
    timestamp: Moment

    def __init__(  # noqa: PLR0917 - positions are those of SDK 0.3
        self,
        event_type: EventType | str = "errors",
        params: object = None,
        returns: object = None,
        init_timestamp: Moment | None = None,
        end_timestamp: Moment | None = None,
        agent_id: Identifier | None = None,
        id: Identifier | None = None,  # noqa: A002
        session_id: Identifier | None = None,
        trigger_event: Event | Identifier | None = None,
        exception: BaseException | str | None = None,
        error_type: str | type | None = None,
        code: str | int | None = None,
        details: object = None,
        logs: object = None,
        timestamp: Moment | None = None,
    ) -> None:
        Event.__init__(self, event_type, params, returns, init_timestamp, end_timestamp, agent_id, id, session_id)
        self.trigger_event = trigger_event
        self.exception = exception
        self.error_type = error_type.__name__ if isinstance(error_type, type) else error_type
        self.code = code
        self.details = details
        self.logs = logs
        self.timestamp = timestamp or self.init_timestamp
        if isinstance(exception, BaseException):
            self.error_type = type(exception).__name__ if error_type is None else self.error_type
            self.details = details if details is not None else attempt(str, "<str() failed>", exception)
        elif exception is not None:
            self.details = details if details is not None else exception
        raised = exception if isinstance(exception, BaseException) else sys.exc_info()[1]
        if logs is None and raised is not None:
            self.logs = format_exception(raised)


def format_exception(error: BaseException) -> str:
    """The traceback as the interpreter prints it."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def outcome_of(error: BaseException | None) -> tuple[EndState, str | None]:
    """How a session ends whose `with` block ended: with an exception that is an error, or that only passes through."""
    if error is None:
        return EndState.SUCCESS, None
    if isinstance(error, KeyboardInterrupt):
        return EndState.FAILURE, "Signal SIGINT detected"
    if isinstance(error, Exception):
        return EndState.FAILURE, format_exception(error)
    return EndState.INDETERMINATE, f"The block ended by {type(error).__name__}"
