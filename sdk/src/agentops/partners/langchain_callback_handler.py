"""Callback handlers for LangChain, for programs that pass one in `callbacks`. `agentops.init()` alone does as much.

They use the public interface of `langchain_core.callbacks`, and need no more than that package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from langchain_core.callbacks import AsyncCallbackHandler, BaseCallbackHandler  # type: ignore[import-not-found]

from agentops._client import Client
from agentops._events import ActionEvent, ToolEvent
from agentops._guard import attempt

from ._messages import read_messages
from ._runs import Runs
from ._setting_up import set_up

__all__ = ["AsyncLangchainCallbackHandler", "LangchainCallbackHandler"]


class LangchainCallbackHandler(BaseCallbackHandler):  # type: ignore[misc]
    """Records calls of models and tools, chains, retrievers and errors.

    Args:
        api_key: the options of `agentops.init()`, for programs that did not call it.
        endpoint: likewise.
        max_wait_time: likewise.
        max_queue_size: likewise.
        default_tags: of the session that is begun then.
        tags: more of them.
        auto_session: False begins none.
    """

    run_inline = True
    """On the thread and in the context of what runs: what happens inside has it as parent."""
    kind = "sync"

    def __init__(
        self,
        api_key: str | None = None,
        endpoint: str | None = None,
        max_wait_time: int | None = None,
        max_queue_size: int | None = None,
        default_tags: Iterable[str] | None = None,
        tags: Iterable[str] | None = None,
        auto_session: bool = True,
    ) -> None:
        super().__init__()
        self.runs: Runs = Runs()
        if auto_session:
            named = {"api_key": api_key, "endpoint": endpoint}
            named |= {"max_wait_time": max_wait_time, "max_queue_size": max_queue_size}  # type: ignore[dict-item]
            own = ("langchain", self.kind) if default_tags is None else default_tags
            set_up(named, [*own, *(tags or ())])

    @property
    def current_session_ids(self) -> list[str]:
        """The sessions that run in this process."""
        return Client().current_session_ids

    def on_llm_start(
        self,
        serialized: dict[str, Any],
        prompts: list[str],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        metadata: dict[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        self.runs.begin_call(run_id, parent_run_id, serialized, prompts[0] if prompts else None, metadata, extra)

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[Any]],
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        metadata: dict[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        prompt = attempt(read_messages, None, messages[0] if messages else ())
        self.runs.begin_call(run_id, parent_run_id, serialized, prompt, metadata, extra)

    def on_llm_new_token(self, token: str, *, run_id: UUID, **extra: Any) -> None:
        del token, extra
        self.runs.note_token(run_id)

    def on_llm_end(self, response: Any, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.end_call(run_id, response)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.fail(run_id, error)

    def on_chain_start(
        self,
        serialized: dict[str, Any] | None,
        inputs: Any,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        **extra: Any,
    ) -> None:
        event = ActionEvent("chain", name=_name(serialized, extra, "chain"), params=_copy(inputs))
        self.runs.begin_step(run_id, parent_run_id, event, tags)

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.end_step(run_id, _copy(outputs))

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.fail(run_id, error)

    def on_tool_start(
        self,
        serialized: dict[str, Any] | None,
        input_str: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        inputs: dict[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        params: object = input_str if inputs is None else _copy(inputs)
        event = ToolEvent(name=_name(serialized, extra, "tool"), params=params)
        self.runs.begin_step(run_id, parent_run_id, event, tags)

    def on_tool_end(self, output: Any, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.end_step(run_id, getattr(output, "content", output))

    def on_tool_error(self, error: BaseException, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.fail(run_id, error)

    def on_retriever_start(
        self,
        serialized: dict[str, Any] | None,
        query: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        **extra: Any,
    ) -> None:
        event = ActionEvent("retriever", name=_name(serialized, extra, "retriever"), params={"query": query})
        self.runs.begin_step(run_id, parent_run_id, event, tags)

    def on_retriever_end(self, documents: Sequence[Any], *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.end_step(run_id, list(documents))

    def on_retriever_error(self, error: BaseException, *, run_id: UUID, **extra: Any) -> None:
        del extra
        self.runs.fail(run_id, error)

    def on_agent_action(self, action: Any, *, run_id: UUID, **extra: Any) -> None:
        del extra
        params = {name: getattr(action, name, None) for name in ("tool", "tool_input", "log")}
        self.runs.record(run_id, ActionEvent(params=params, action_type="on_agent_action"))

    def on_agent_finish(self, finish: Any, *, run_id: UUID, **extra: Any) -> None:
        del extra
        returns = getattr(finish, "return_values", None)
        self.runs.record(run_id, ActionEvent(returns=returns, action_type="on_agent_finish"))

    def on_retry(self, retry_state: Any, *, run_id: UUID, **extra: Any) -> None:
        del extra
        number = getattr(retry_state, "attempt_number", None)
        self.runs.record(run_id, ActionEvent(params={"attempt": number}, action_type="on_retry"))


class AsyncLangchainCallbackHandler(LangchainCallbackHandler, AsyncCallbackHandler):  # type: ignore[misc]
    """The same for programs that are asynchronous throughout. Nothing in it waits."""

    kind = "async"


def _as_async(name: str) -> Any:
    function = getattr(LangchainCallbackHandler, name)

    async def call(self: AsyncLangchainCallbackHandler, *args: Any, **kwargs: Any) -> None:
        function(self, *args, **kwargs)

    call.__name__, call.__doc__ = name, function.__doc__
    return call


for _event in [name for name in vars(LangchainCallbackHandler) if name.startswith("on_")]:
    setattr(AsyncLangchainCallbackHandler, _event, _as_async(_event))


def _name(serialized: Mapping[str, Any] | None, extra: Mapping[str, Any], default: str) -> str:
    held = serialized or {}
    path = held.get("id") or [default]
    return str(extra.get("name") or held.get("name") or path[-1])


def _copy(values: Any) -> Any:
    """What goes in and out is changed on the way: dicts and lists of it are copied, what is in them is not."""
    if isinstance(values, dict):
        return {name: list(value) if isinstance(value, list) else value for name, value in values.items()}
    return list(values) if isinstance(values, list) else values
