"""`validate_trace_spans`: whether what was recorded has arrived. For tests and notebooks; it waits, and it raises."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from ._client import Client
from ._ids import find_id
from ._session import Session
from .exceptions import AgentOpsError

if TYPE_CHECKING:
    from uuid import UUID

    from ._config import Configuration
    from ._traces import TraceContext

_KINDS = ("llms", "tools", "actions", "errors")
_ANSWER_SECONDS = 10.0


class ValidationError(AgentOpsError):
    """What was expected of a trace is not on the server; the message says what is."""


def validate_trace_spans(
    trace_id: str | UUID | None = None,
    trace_context: TraceContext | Session | None = None,
    max_retries: int = 10,
    retry_delay: float = 1.0,
    check_llm: bool = True,
    min_spans: int = 1,
    api_key: str | None = None,
) -> dict[str, Any]:
    """Ask the server for a session until it has what is expected of it.

    Args:
        trace_id: of a session, a UUID with or without dashes.
        trace_context: what `start_trace` gave, or a session; the current session if neither is given.
        max_retries: how often to ask.
        retry_delay: seconds between.
        check_llm: whether a call of a model is expected.
        min_spans: how many events are expected.
        api_key: another one than was set up.

    Returns:
        `trace_id`, `span_count`, `spans` (the events as they are exported), `has_llm_spans`, `llm_span_names`,
        `metrics` (the statistics of the session).

    Raises:
        ValidationError: The server does not have it in the end.
        ValueError: Neither is given, and no session is current.
    """
    client = Client()
    session: Session | None = getattr(trace_context, "session", None)
    if isinstance(trace_context, Session):
        session = trace_context
    if session is None and trace_id is None:
        session = client.find_current()
    session_id = find_id(trace_id) if session is None else session.session_id
    if session_id is None:
        raise ValueError("there is no such trace: give trace_id, a UUID, or trace_context, what start_trace() gave")
    client.flush()
    config = client.config if session is None else session.config
    if api_key is not None:
        config = config.with_changes(api_key=api_key)
    problem = "it was not asked for"
    for attempt in range(max_retries):
        if attempt:
            time.sleep(retry_delay)
        result, problem = _look(config, session_id, check_llm=check_llm, min_spans=min_spans)
        if result is not None:
            return result
    raise ValidationError(f"the session {session_id} is not as expected: {problem}")


def _look(
    config: Configuration, session_id: UUID, *, check_llm: bool, min_spans: int
) -> tuple[dict[str, Any] | None, str]:
    from ._transport import BadAnswerError, Transport, UnreachableError  # noqa: PLC0415 - imports a third party

    transport = Transport(config.endpoint, config.api_key or "", config.parent_key)
    try:
        answer = transport.get(f"/v2/sessions/{session_id}/export", _ANSWER_SECONDS)
    except (BadAnswerError, UnreachableError) as error:
        return None, str(error)
    finally:
        transport.close()
    if answer.status != 200 or not isinstance(answer.body, dict):
        return None, f"the server answered {answer.status}: {answer.message}"
    rows: list[dict[str, Any]] = [row for kind in _KINDS for row in answer.body.get(kind) or []]
    calls = [str(row.get("name") or row.get("model") or "llm") for row in answer.body.get("llms") or []]
    if len(rows) < min_spans:
        return None, f"{len(rows)} of {min_spans} events arrived"
    if check_llm and not calls:
        return None, f"none of its {len(rows)} events is a call of a model"
    return {
        "trace_id": session_id.hex,
        "span_count": len(rows),
        "spans": rows,
        "has_llm_spans": bool(calls),
        "llm_span_names": calls,
        "metrics": answer.body.get("stats"),
    }, ""


def print_validation_summary(result: dict[str, Any]) -> None:
    """Print what `validate_trace_spans` returned."""
    metrics: dict[str, Any] = result.get("metrics") or {}
    lines = [f"Session {result.get('trace_id')}", f"  events: {result.get('span_count', 0)}"]
    lines.append(f"  calls of models: {', '.join(result.get('llm_span_names') or []) or 'none'}")
    shown = ("prompt_tokens", "completion_tokens", "cost")
    lines += [f"  {name}: {metrics[name]}" for name in shown if name in metrics]
    sys.stdout.write("\n".join(lines) + "\n")
