"""The SDK of AgentOps: two lines in an agent program, and every run of it becomes a session.

    import agentops

    session = agentops.init(api_key="…", default_tags=["production"])
    session.record(agentops.LLMEvent(model="gpt-4o", prompt="…", completion="…", prompt_tokens=12))
    agentops.end_session("Success")

Nothing happens at import. No function raises, and none but `end_session` and `flush` waits for the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from ._client import Client
from ._config import Configuration
from ._decorators import record_action, record_function, record_tool, track_agent, track_tool
from ._ending import end_session
from ._events import ActionEvent, EndState, ErrorEvent, Event, EventType, LLMEvent, ToolEvent
from ._guard import guarded
from ._migration import read_options
from ._outcomes import TraceState
from ._propagation import Caller, ContinuedSession, continue_session, extract_headers, inject_headers
from ._session import Session
from ._steps import (
    StepDecorator,
    agent,
    guardrail,
    operation,
    session,
    task,
    tool,
    trace,
    track_endpoint,
    workflow,
)
from ._traces import TraceContext, end_trace, start_trace, update_trace_metadata
from ._traits import warn_of_unknown
from ._validation import ValidationError, print_validation_summary, validate_trace_spans
from ._version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

    from ._config import Redaction
else:
    from ._elsewhere import find_elsewhere as __getattr__  # noqa: F401

SUCCESS, ERROR, UNSET = TraceState.SUCCESS, TraceState.ERROR, TraceState.UNSET

__all__ = [  # noqa: RUF022 - sorted as `sorted` sorts
    "ActionEvent",
    "Caller",
    "Client",
    "Configuration",
    "ContinuedSession",
    "ERROR",
    "EndState",
    "ErrorEvent",
    "Event",
    "EventType",
    "LLMEvent",
    "SUCCESS",
    "Session",
    "StepDecorator",
    "ToolEvent",
    "TraceContext",
    "TraceState",
    "UNSET",
    "ValidationError",
    "__version__",
    "add_tags",
    "agent",
    "configure",
    "continue_session",
    "create_agent",
    "end_all_sessions",
    "end_session",
    "end_trace",
    "extract_headers",
    "flush",
    "get_api_key",
    "get_client",
    "get_session",
    "guardrail",
    "init",
    "inject_headers",
    "operation",
    "print_validation_summary",
    "record",
    "record_action",
    "record_function",
    "record_tool",
    "session",
    "set_api_key",
    "set_parent_key",
    "set_tags",
    "span_processor",
    "start_session",
    "start_trace",
    "stop_instrumenting",
    "task",
    "tool",
    "trace",
    "track_agent",
    "track_endpoint",
    "track_tool",
    "update_trace_metadata",
    "validate_trace_spans",
    "workflow",
]


@guarded
def init(  # noqa: PLR0917 - positions are those of SDK 0.3
    api_key: str | None = None,
    parent_key: str | None = None,
    endpoint: str | None = None,
    max_wait_time: int | None = None,
    max_queue_size: int | None = None,
    tags: Iterable[str] | None = None,
    default_tags: Iterable[str] | None = None,
    instrument_llm_calls: bool | None = None,
    auto_start_session: bool | None = None,
    inherited_session_id: UUID | str | None = None,
    skip_auto_end_session: bool | None = None,
    env_data_opt_out: bool | None = None,
    flush_interval: int | None = None,
    spool_dir: str | Path | None = None,
    spool_quota_bytes: int | None = None,
    max_text_bytes: int | None = None,
    redact: Redaction | None = None,
    session_name: str | None = None,
    heartbeat_interval: int | None = None,
    log_level: int | str | None = None,
    log_to_file: bool | str | Path | None = None,
    name: str | None = None,
    trace_name: str | None = None,
    **others: object,
) -> Session | None:
    """Set up AgentOps for this process and start a session.

    Args:
        api_key: the project's key; AGENTOPS_API_KEY.
        parent_key: sent along for servers that know parent keys; AGENTOPS_PARENT_KEY.
        endpoint: the server's URL; AGENTOPS_API_ENDPOINT, else http://localhost:8765.
        max_wait_time: milliseconds that end_session, flush and the exit may wait for delivery; default 5000.
        max_queue_size: most events in one request; default and limit 500.
        tags: the older name of default_tags.
        default_tags: tags of every session.
        instrument_llm_calls: record the calls of known LLM libraries.
        auto_start_session: False sets up only; `start_session` starts one later.
        inherited_session_id: join this session, which another process may have started.
        skip_auto_end_session: ignore the ends that frameworks call automatically.
        env_data_opt_out: send nothing of the host environment; AGENTOPS_ENV_DATA_OPT_OUT.
        flush_interval: milliseconds between recording and sending; default 200.
        spool_dir: where events wait for delivery; AGENTOPS_SPOOL_DIR, else the platform's state directory.
        spool_quota_bytes: most bytes that wait there; default 512 MB.
        max_text_bytes: a text that is longer in UTF-8 is cut, with a marker that has its length; default 1,000,000.
            Images, sounds and screenshots are kept whole up to 25 MB.
        redact: what is taken out of every text before it is written anywhere: `"secrets"`, `"emails"`, `"cards"`,
            `"everything"`, a function from text to text, or a list of these; AGENTOPS_REDACT.
        session_name: what sessions are called where they are listed; AGENTOPS_TRACE_NAME, else the program's name.
        heartbeat_interval: milliseconds of silence after which a running session gives a sign of life; default 30000.
        log_level: from which level on the SDK's own log is shown; AGENTOPS_LOGGING_LEVEL.
        log_to_file: a path, or True for `agentops.log`, to which that log is appended; AGENTOPS_LOGGING_TO_FILE.
        name: what the session that starts now is called.
        trace_name: the name of session_name in SDK 0.4.
        others: what SDK 0.4 has beside these is ignored; anything else is warned about, too.

    Returns:
        The session; the running one, with a warning, if there is one already; None with auto_start_session=False.
    """
    options: dict[str, object] = {
        "api_key": api_key,
        "parent_key": parent_key,
        "endpoint": endpoint,
        "max_wait_time": max_wait_time,
        "max_queue_size": max_queue_size,
        "default_tags": default_tags if default_tags is not None else tags,
        "instrument_llm_calls": instrument_llm_calls,
        "auto_start_session": auto_start_session,
        "skip_auto_end_session": skip_auto_end_session,
        "env_data_opt_out": env_data_opt_out,
        "flush_interval": flush_interval,
        "spool_dir": spool_dir,
        "spool_quota_bytes": spool_quota_bytes,
        "max_text_bytes": max_text_bytes,
        "redact": redact,
        "session_name": session_name if session_name is not None else trace_name,
        "heartbeat_interval": heartbeat_interval,
        "log_level": log_level,
        "log_to_file": log_to_file,
    }
    options |= {name: value for name, value in read_options("init()", others).items() if options.get(name) is None}
    return Client().initialize(inherited_session_id, options, name)


@guarded
def configure(**options: object) -> None:
    """Set options of `init` for later sessions. One that cannot be used is logged and left as it was."""
    Client().configure(**read_options("configure()", options))


@guarded
def start_session(
    tags: Iterable[str] | Mapping[str, object] | None = None,
    config: Configuration | None = None,
    inherited_session_id: UUID | str | None = None,
    name: str | None = None,
    **unknown: object,
) -> Session | None:
    """Start a session, or join the one with `inherited_session_id`, beside those that are running.

    Args:
        tags: added to the default tags; of an object, each pair as `name:value`.
        config: options of this session; what it does not name is as in `init`.
        inherited_session_id: UUID or str of a session, running or ended.
        name: what it is called where sessions are listed; the program's name if not given.
        unknown: is warned about, and ignored.
    """
    warn_of_unknown("start_session()", unknown)
    return Client().start_session(tags, config, inherited_session_id, name)


def record(event: Event) -> None:
    """Record an event in the current session. See `Session.record`."""
    Client().record(event)


def add_tags(tags: Iterable[str]) -> None:
    """Append tags to the current session's."""
    Client().add_tags(tags)


def set_tags(tags: Iterable[str]) -> None:
    """Replace the current session's tags."""
    Client().set_tags(tags)


def create_agent(name: str, agent_id: UUID | str | None = None) -> str | None:
    """Register an agent of the current session. See `Session.create_agent`."""
    return Client().create_agent(name, agent_id)


@guarded
def get_session(session_id: UUID | str | None = None) -> Session | None:
    """The running session with this id, without one the current session; None if there is none in this process."""
    return Client().find_current() if session_id is None else Client().find_session(session_id)


def get_client() -> Client:
    """The client of this process."""
    return Client()


@guarded
def end_all_sessions() -> None:
    """End every running session as Indeterminate and wait for delivery, `max_wait_time` in all."""
    Client().end_all_sessions()


@guarded
def stop_instrumenting() -> None:
    """Take back what records the calls of LLM libraries. Harmless when nothing does."""
    Client().stop_instrumenting()


def span_processor() -> SpanProcessor:
    """What records the spans of your own tracer provider: `provider.add_span_processor(agentops.span_processor())`.

    A span belongs to the session that is current when it begins. Nothing of it is sent by OpenTelemetry.
    """
    return Client().instrumentation.span_processor()


@guarded
def flush(timeout: float | None = None) -> bool:
    """Wait until everything recorded is delivered; false if it is not within `timeout` seconds (default max_wait_time).

    For programs that are frozen between two pieces of work, like functions in a cloud.
    """
    return Client().flush(timeout)


def get_api_key() -> str | None:
    """The API key that later sessions use."""
    return Client().config.api_key


def set_api_key(key: str) -> None:
    """Set the API key for later sessions."""
    configure(api_key=key)


def set_parent_key(parent_key: str) -> None:
    """Set the parent key for later sessions."""
    configure(parent_key=parent_key)
