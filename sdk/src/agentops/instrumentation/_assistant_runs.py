"""The runs of assistants that go on, and the messages of their threads, as far as the program has seen them.

A run is over when the API says so, but what it has written is told later, when the program lists the messages of the
thread: until then, or until its session ends, the span of the run stays open.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import Status, StatusCode

from agentops._guard import attempt, guarded

from ._model_call import ModelCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from opentelemetry.trace import Span, Tracer

_MOST_RUNS, _MOST_THREADS, _MOST_MESSAGES = 256, 256, 256
_PATIENCE_S = 0.2
_OVER = frozenset(("completed", "failed", "cancelled", "expired", "incomplete"))
_TOLD = frozenset(("thread.message.completed", "thread.message.incomplete"))


class Run(ModelCall):
    """One run: its span, and what is told only bit by bit."""

    def __init__(self, tracer: Tracer, body: Mapping[str, Any]) -> None:
        super().__init__(tracer, "openai", body.get("model"))
        self.thread_id = ""
        self.ended_ns: int | None = None
        self.exchanges: list[dict[str, Any]] = []
        """Calls of tools, and what the program has answered."""
        of_thread = (body.get("thread") or {}).get("messages") or ()
        self.asked = _as_messages([*of_thread, *(body.get("additional_messages") or ())])
        """Messages that the request for it has added to its thread."""

    def note(self, said: Mapping[str, Any]) -> None:
        """What the API says of it."""
        self.thread_id = said["thread_id"]
        if model := said.get("model"):
            self.span.update_name(f"chat {model}")
        self.set("request.model", said.get("model"))
        self.set("request.temperature", said.get("temperature"))
        self.set("request.top_p", said.get("top_p"))
        self.set("request.max_tokens", said.get("max_completion_tokens"))
        self.set_json("tool.definitions", said.get("tools"))
        if instructions := said.get("instructions"):
            self.set_json("system_instructions", [{"type": "text", "content": instructions}])
        usage = said.get("usage") or {}
        self.note_usage(usage.get("prompt_tokens"), usage.get("completion_tokens"))
        if said.get("status") == "requires_action":
            calls = said["required_action"]["submit_tool_outputs"]["tool_calls"]
            message = {"role": "assistant", "tool_calls": calls}
            if message not in self.exchanges:
                self.exchanges.append(message)
        if said.get("status") in _OVER:
            self._note_end(said)

    def _note_end(self, said: Mapping[str, Any]) -> None:
        self.ended_ns = self.ended_ns or time.time_ns()
        reason = (said.get("incomplete_details") or {}).get("reason") or said["status"]
        self.set("response.finish_reasons", [reason])
        if said["status"] == "failed":
            error = said.get("last_error") or {}
            self.span.set_attribute("error.type", str(error.get("code") or "failed"))
            self.span.set_status(Status(StatusCode.ERROR, str(error.get("message") or "the run has failed")))

    def tell(self, asked: list[dict[str, Any]], written: list[dict[str, Any]]) -> None:
        """It is over, and this is what it was given and has written."""
        self.set_json("input.messages", asked)
        self.set_json("output.messages", [*self.exchanges, *written])
        self.span.end(self.ended_ns or time.time_ns())


class Runs:
    """Those that are not told yet, by their ids."""

    def __init__(self, tracer: Tracer) -> None:
        self.lock = threading.Lock()
        """Held by whoever tells of something."""
        self._tracer = tracer
        self._open: OrderedDict[str, Run] = OrderedDict()
        self._threads: OrderedDict[str, dict[Any, dict[str, Any]]] = OrderedDict()

    def begin(self, body: Mapping[str, Any]) -> Run | None:
        """A run is asked for, with this body."""
        return attempt(Run, None, self._tracer, body)

    def find(self, run_id: str) -> Run | None:
        return self._open.get(run_id)

    @guarded
    def fail(self, run: Run | None, error: BaseException) -> None:
        """The request for a run has failed."""
        if run is not None:
            run.set_json("input.messages", [_plain(each) for each in run.asked])
            run.fail(error)

    def note_run(self, begun: Run | None, said: Mapping[str, Any]) -> None:
        """What the API says of a run; `begun` is the one that the request has asked for."""
        run_id, thread_id = said["id"], said["thread_id"]
        if begun is not None and run_id not in self._open:
            self._tell_those_of(thread_id)
            self._add_messages(thread_id, begun.asked)
            self._open[run_id] = begun
        run = self._open.get(run_id)
        if run is None:
            return
        run.note(said)
        if run.ended_ns is not None and (said["status"] != "completed" or self._written_by(run_id, thread_id)):
            self._tell(run_id)
        while len(self._open) > _MOST_RUNS:
            self._tell(next(iter(self._open)))

    def note_event(self, begun: Run | None, event: Any) -> None:
        """One of a stream."""
        name = event.event
        if name == "thread.message.delta" and begun is not None:
            begun.note_first_chunk()
        elif name in _TOLD:
            self.note_messages(event.data.thread_id, [event.data.model_dump()])
        elif name.startswith("thread.run.") and not name.startswith("thread.run.step."):
            self.note_run(begun, event.data.model_dump())

    def note_outputs(self, run_id: str, outputs: Iterable[Mapping[str, Any]]) -> None:
        """What the program says that its tools gave."""
        if (run := self._open.get(run_id)) is not None:
            run.exchanges += [
                {"role": "tool", "tool_call_id": each.get("tool_call_id"), "content": each.get("output")}
                for each in outputs
            ]

    def note_thread(self, thread_id: str, messages: Iterable[Any]) -> None:
        """A thread was made with these messages, whose ids nobody tells."""
        self._add_messages(thread_id, _as_messages(messages))

    def note_messages(self, thread_id: str, said: Iterable[Mapping[str, Any]]) -> None:
        """Messages of a thread, as the API tells them, in their order."""
        self._add_messages(thread_id, _as_messages(said))

    def note_listed(self, thread_id: str, said: Iterable[Mapping[str, Any]], *, is_whole: bool) -> None:
        """The program has listed the messages of a thread, all of them or some: now its runs can be told."""
        if is_whole:
            self._threads.pop(thread_id, None)
        self.note_messages(thread_id, said)
        self._tell_those_of(thread_id)

    def settle(self, belongs: Callable[[Span], bool] | None = None) -> None:
        """Tell those that belong to somebody, as far as they are known."""
        if not self.lock.acquire(timeout=_PATIENCE_S):
            return  # a signal has come while this thread was telling of something, and ends the session
        try:
            for run_id in [run_id for run_id, run in self._open.items() if belongs is None or belongs(run.span)]:
                self._tell(run_id)
        finally:
            self.lock.release()

    def _tell_those_of(self, thread_id: str) -> None:
        """The finished ones: only one run of a thread goes on at a time."""
        runs = list(self._open.items())
        for run_id in [each for each, run in runs if run.thread_id == thread_id and run.ended_ns is not None]:
            self._tell(run_id)

    def _tell(self, run_id: str) -> None:
        run = self._open.pop(run_id)
        messages = list(self._threads.get(run.thread_id, {}).values())
        first = next((place for place, each in enumerate(messages) if each["run_id"] == run_id), len(messages))
        written = [_plain(each) for each in messages[first:] if each["run_id"] == run_id]
        run.tell([_plain(each) for each in messages[:first]], written)

    def _written_by(self, run_id: str, thread_id: str) -> bool:
        return any(each["run_id"] == run_id for each in self._threads.get(thread_id, {}).values())

    def _add_messages(self, thread_id: str, messages: Iterable[dict[str, Any]]) -> None:
        known = self._threads.setdefault(thread_id, {})
        for message in messages:
            known[message["id"] or object()] = message
        while len(known) > _MOST_MESSAGES:
            del known[next(iter(known))]
        self._threads.move_to_end(thread_id)
        while len(self._threads) > _MOST_THREADS:
            self._threads.popitem(last=False)


def _as_messages(said: Iterable[Any]) -> list[dict[str, Any]]:
    """Messages as programs give them and the API tells them: content is a text, or parts of it."""
    return [
        {"id": each.get("id"), "run_id": each.get("run_id"), "role": each["role"], "content": _content(each)}
        for each in said
    ]


def _content(message: Mapping[str, Any]) -> Any:
    content = message.get("content")
    if not isinstance(content, list):
        return content
    return [
        {"type": "text", "text": part["text"]["value"] if isinstance(part["text"], dict) else part["text"]}
        if part.get("type") == "text"
        else part
        for part in content
    ]


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    return {"role": message["role"], "content": message["content"]}
