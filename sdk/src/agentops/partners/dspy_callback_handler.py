"""A callback handler for DSPy, for programs that configure one, as of SDK 0.4. `agentops.init()` alone does as much.

It uses the public interface of `dspy.utils.callback`. Where automatic capture has DSPy itself, nothing is recorded
here; a call of a model that its provider's capture has told is not repeated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import dspy  # type: ignore[import-not-found]
from dspy.utils.callback import BaseCallback  # type: ignore[import-not-found]

from agentops import _context
from agentops._client import Client
from agentops._events import ActionEvent, LLMEvent, ToolEvent
from agentops._guard import attempt, guarded
from agentops._recording import Setting, record_error
from agentops._session import Session

from ._setting_up import set_up

__all__ = ["DSPyCallbackHandler"]

_SETTINGS = ("temperature", "max_tokens", "top_p", "stop", "n", "seed")


class _Run(NamedTuple):
    """One call that has begun, and what is set while it goes on."""

    session: Session
    event: ActionEvent | LLMEvent | ToolEvent
    place: Setting
    instance: Any
    calls_before: int


class DSPyCallbackHandler(BaseCallback):  # type: ignore[misc]
    """Records modules, calls of models and of tools, and errors.

    Args:
        api_key: the option of `agentops.init()`, for programs that did not call it.
        tags: of the session that is begun then.
        cache: whether DSPy keeps answers, in memory and on disk.
        auto_session: False begins none.
    """

    def __init__(
        self,
        api_key: str | None = None,
        tags: Iterable[str] | None = None,
        cache: bool = True,
        auto_session: bool = True,
    ) -> None:
        self._open: dict[str, _Run] = {}
        if auto_session:
            set_up({"api_key": api_key}, list(tags or ()))
        dspy.configure_cache(enable_disk_cache=cache, enable_memory_cache=cache)

    def on_module_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:
        """A module is called."""
        name = type(instance).__name__
        self._begin(call_id, instance, ActionEvent(_kind_of(instance), name=name, params=_plain(inputs)))

    def on_module_end(self, call_id: str, outputs: Any | None, exception: Exception | None = None) -> None:
        """It has given something, or failed."""
        self._end(call_id, outputs.toDict() if isinstance(outputs, dspy.Prediction) else outputs, exception)

    def on_tool_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:
        """A tool is called."""
        self._begin(call_id, instance, ToolEvent(name=instance.name, params=_plain(inputs)))

    def on_tool_end(self, call_id: str, outputs: Any | None, exception: Exception | None = None) -> None:
        """It has given something, or failed."""
        self._end(call_id, outputs, exception)

    def on_lm_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:
        """A model is called."""
        prompt = inputs.get("messages") or inputs.get("prompt")
        event = LLMEvent(model=getattr(instance, "model", None), prompt=prompt)
        settings = {**getattr(instance, "kwargs", {}), **(inputs.get("kwargs") or {})}
        told = {name: value for name, value in settings.items() if name in _SETTINGS and value is not None}
        event.more = {"model_params": told} if told else None
        self._begin(call_id, instance, event)

    @guarded
    def on_lm_end(self, call_id: str, outputs: Any | None, exception: Exception | None = None) -> None:
        """It has answered, or failed."""
        run = self._open.get(call_id)
        if run is not None and run.session.event_counts["llms"] > run.calls_before:
            self._open.pop(call_id).place.__exit__(None, None, None)
            return
        if run is not None and isinstance(run.event, LLMEvent):
            run.event.completion = outputs
            usage = attempt(lambda: dict(run.instance.history[-1]["usage"]), {}) if exception is None else {}
            run.event.prompt_tokens = usage.get("prompt_tokens")
            run.event.completion_tokens = usage.get("completion_tokens")
        self._end(call_id, None, exception)

    @guarded
    def _begin(self, call_id: str, instance: Any, event: ActionEvent | LLMEvent | ToolEvent) -> None:
        client = Client()
        session = None if "DSPy" in client.instrumentation.captured else client.find_current()
        if session is None:
            return
        above = event.parent_id if isinstance(event, LLMEvent) else event.id
        place = Setting((_context.parent, above))  # what a provider tells goes where the call of the model would
        self._open[call_id] = _Run(session, event, place, instance, session.event_counts["llms"])
        place.__enter__()

    @guarded
    def _end(self, call_id: str, returns: object, exception: Exception | None) -> None:
        run = self._open.pop(call_id, None)
        if run is None:
            return
        run.place.__exit__(None, None, None)
        run.event.returns = returns
        run.session.record(run.event)
        if exception is not None:
            record_error(run.session, run.event, exception)


def _kind_of(instance: Any) -> str:
    if isinstance(instance, (dspy.ReAct, dspy.ProgramOfThought)):
        return "agent"
    return "chain" if isinstance(instance, dspy.Predict) else "workflow"


def _plain(inputs: dict[str, Any]) -> object:
    """What was given by name, where that is all."""
    return inputs["kwargs"] if inputs.get("kwargs") and not inputs.get("args") else inputs
