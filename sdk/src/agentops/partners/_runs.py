"""What LangChain tells of its runs -> events: chains, calls of models and tools, retrievers, errors.

Each run is counted once. Where automatic capture has LangChain itself, nothing is recorded here. Where it has the
provider whose model is called, the call is the provider's to tell, if it did: that is seen when the run ends.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentops import _clock, _context
from agentops._client import Client
from agentops._events import ActionEvent, LLMEvent, ToolEvent
from agentops._guard import guarded
from agentops._log import Notices
from agentops._recording import Setting, note_error, record_error

from . import _messages

if TYPE_CHECKING:
    from uuid import UUID

    from agentops._session import Session

    Made = ActionEvent | LLMEvent | ToolEvent

_HIDDEN = "langsmith:hidden"
_MOST_OPEN = 10_000
_PROVIDERS = {"azure": "openai", "amazonbedrock": "bedrock", "googlegenai": "googlegenai", "mistralai": "mistral"}


class _Run:
    """One run that has begun."""

    __slots__ = ("calls_before", "event", "first_token_s", "is_hidden", "place", "provider", "session", "started_s")

    def __init__(self, session: Session, event: Made, *, is_hidden: bool = False) -> None:
        self.session = session
        self.event = event
        self.is_hidden = is_hidden
        self.place: Setting | None = None
        self.provider: str | None = None
        self.calls_before = 0
        self.started_s = time.monotonic()
        self.first_token_s: float | None = None


class Runs:
    """The runs that one handler is told of."""

    def __init__(self) -> None:
        self._open: dict[UUID, _Run] = {}
        self._notices = Notices()

    @guarded
    def begin_call(
        self,
        run_id: UUID,
        parent_run_id: UUID | None,
        serialized: Any,
        prompt: object,
        metadata: Mapping[str, Any] | None,
        extra: Mapping[str, Any],
    ) -> None:
        """A model is called."""
        model = _messages.read_model(extra, metadata, serialized)
        run = self._begin(run_id, parent_run_id, LLMEvent(model=model, prompt=prompt))
        if run is None:
            return
        run.event.more = _messages.read_settings(extra)
        run.provider = str((metadata or {}).get("ls_provider") or "") or None
        run.calls_before = run.session.event_counts["llms"]
        if parent_run_id is not None:  # what the provider's capture records goes where this call would
            self._enter(run, run.event.parent_id)

    @guarded
    def note_token(self, run_id: UUID) -> None:
        """The model has said something."""
        run = self._open.get(run_id)
        if run is not None and run.first_token_s is None:
            run.first_token_s = time.monotonic()

    @guarded
    def end_call(self, run_id: UUID, response: Any) -> None:
        """The model has answered."""
        run = self._leave(run_id)
        if run is None or not isinstance(run.event, LLMEvent) or _is_captured(run):
            return
        answers = _messages.read_answers(response)
        usage = _messages.read_usage(response, answers)
        event = run.event
        event.completion = _messages.read_completion(answers)
        event.model = _messages.read_answering_model(answers) or event.model
        event.prompt_tokens = usage.get("input_tokens", usage.get("prompt_tokens"))
        event.completion_tokens = usage.get("output_tokens", usage.get("completion_tokens"))
        more: dict[str, object] = dict(event.more or {})
        if usage:
            more["usage"] = usage
        if reasons := _messages.read_reasons(answers):
            more["finish_reasons"] = reasons
        if run.first_token_s is not None:
            more["time_to_first_chunk"] = run.first_token_s - run.started_s
        event.more = more or None
        _record(run)

    @guarded
    def begin_step(self, run_id: UUID, parent_run_id: UUID | None, event: Made, tags: list[str] | None = None) -> None:
        """A chain, a tool or a retriever begins."""
        run = self._begin(run_id, parent_run_id, event, is_hidden=_HIDDEN in (tags or ()))
        # A run at the top may give its caller results one by one: what that does meanwhile is not below the run.
        if run is not None and (parent_run_id is not None or isinstance(event, ToolEvent)):
            self._enter(run, _id_for_children(run))

    @guarded
    def end_step(self, run_id: UUID, returns: object) -> None:
        """It has ended."""
        run = self._leave(run_id)
        if run is not None:
            run.event.returns = returns
            _record(run)

    @guarded
    def fail(self, run_id: UUID, error: BaseException) -> None:
        """A run of any kind has failed. The error is that of the innermost."""
        run = self._leave(run_id)
        if run is None:
            return
        if isinstance(run.event, LLMEvent) and _is_captured(run):
            note_error(run.session, error, run.event.id, run.event.parent_id)
            return
        _record(run)
        if not run.is_hidden:
            record_error(run.session, run.event, error)

    @guarded
    def record(self, parent_run_id: UUID | None, event: Made) -> None:
        """Something that happened in a run."""
        run = self._begin(event.id, parent_run_id, event)  # type: ignore[arg-type]
        if run is not None:
            self._open.pop(event.id, None)  # type: ignore[arg-type]
            _record(run)

    def _begin(self, run_id: UUID, parent_run_id: UUID | None, event: Made, *, is_hidden: bool = False) -> _Run | None:
        if "LangChain" in Client().instrumentation.captured:
            return None
        above = None if parent_run_id is None else self._open.get(parent_run_id)
        session = Client().find_current() if above is None else above.session
        if session is None:
            self._notices.warn(
                "none",
                "AgentOps: runs of LangChain belong to no session and are not recorded: %s",
                ("make them inside `with session:`, or after agentops.init()."),
            )
            return None
        if above is not None:
            event.parent_id = _id_for_children(above)
        while len(self._open) >= _MOST_OPEN:  # of runs that never ended
            self._open.pop(next(iter(self._open)))
        run = self._open[run_id] = _Run(session, event, is_hidden=is_hidden)
        return run

    def _enter(self, run: _Run, parent_id: object) -> None:
        run.place = Setting((_context.parent, parent_id))
        run.place.__enter__()

    def _leave(self, run_id: UUID) -> _Run | None:
        run = self._open.pop(run_id, None)
        if run is not None and run.place is not None:
            run.place.__exit__(None, None, None)
        return run


def _id_for_children(run: _Run) -> Any:
    """Steps that LangChain hides are passed over."""
    return run.event.parent_id if run.is_hidden else run.event.id


def _record(run: _Run) -> None:
    if not run.is_hidden:
        run.event.end_timestamp = _clock.now()
        run.session.record(run.event)


def _is_captured(run: _Run) -> bool:
    """Whether the provider's own capture has recorded this call: it captures this provider, and it recorded one."""
    if run.provider is None or run.session.event_counts["llms"] <= run.calls_before:
        return False
    provider = _plain(run.provider)
    provider = _PROVIDERS.get(provider, provider)
    return provider in {_plain(title) for title in Client().instrumentation.captured}


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
