"""One call of a model of watsonx.ai as a span, from what its client takes and gives."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind, Status, StatusCode

from agentops._guard import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from opentelemetry.trace import Tracer

_PARAMS = ("temperature", "max_tokens", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty")


class Call:
    """A span that has begun. As a context manager it ends the span, with the error that ended the block."""

    def __init__(self, tracer: Tracer, model: Any, asked: Mapping[str, Any]) -> None:
        self._name = str(getattr(model, "model_id", None) or getattr(model, "deployment_id", None) or "watsonx")
        self._began = time.perf_counter()
        self._span = tracer.start_span(f"chat {self._name}", kind=SpanKind.CLIENT)
        self._texts: list[str] = []
        self._calls: list[dict[str, Any]] = []
        self._is_first = True
        self._note_request(asked)

    def __enter__(self) -> Call:  # noqa: PYI034 - Python 3.10 has no Self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, GeneratorExit):
            self.fail(error)
        else:
            self._end()

    def fail(self, error: BaseException) -> None:
        """The call ended so."""
        self._span.record_exception(error)
        self._span.set_attribute("error.type", f"{type(error).__module__}.{type(error).__qualname__}")
        self._span.set_status(Status(StatusCode.ERROR, str(error)))
        self._end()

    @guarded
    def _note_request(self, asked: Mapping[str, Any]) -> None:
        prompt = asked.get("messages") or asked.get("prompt")
        messages = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
        self._set("operation.name", "chat")
        self._set("provider.name", "ibm.watsonx.ai")
        self._set("request.model", self._name)
        self._set("input.messages", _json(messages))
        if tools := asked.get("tools"):
            self._set("tool.definitions", _json(tools))
        params = asked.get("params") or {}
        params = params if isinstance(params, dict) else params.to_dict()
        for name in _PARAMS:
            if params.get(name) is not None:
                self._set(f"request.{name}", params[name])

    def note_answer(self, answer: Any) -> Any:
        """What the client gives at once; returns it."""
        self._add(answer)
        return answer

    def note_chunk(self, chunk: Any) -> None:
        """A piece of a stream."""
        if self._is_first:
            self._is_first = False
            self._set("response.time_to_first_chunk", time.perf_counter() - self._began)
        self._add(chunk)

    @guarded
    def _add(self, answer: Any) -> None:
        for each in answer if isinstance(answer, list) else [answer]:
            if not isinstance(each, dict):
                continue
            for result in each.get("results") or ():
                self._add_result(result)
            for choice in each.get("choices") or ():
                self._add_choice(choice)
            usage = each.get("usage") or {}
            self._note_usage(usage.get("prompt_tokens"), usage.get("completion_tokens"))
            if each.get("model_id") or each.get("model"):
                self._set("response.model", each.get("model_id") or each.get("model"))

    def _add_result(self, result: dict[str, Any]) -> None:
        self._texts.append(result.get("generated_text") or "")
        self._note_usage(result.get("input_token_count"), result.get("generated_token_count"))
        if (reason := result.get("stop_reason")) and reason != "not_finished":
            self._set("response.finish_reasons", [reason.lower()])

    def _add_choice(self, choice: dict[str, Any]) -> None:
        message = choice.get("message") or choice.get("delta") or {}
        self._texts.append(message.get("content") or "")
        self._calls += message.get("tool_calls") or ()
        if choice.get("finish_reason"):
            self._set("response.finish_reasons", [choice["finish_reason"]])

    def _note_usage(self, given: int | None, made: int | None) -> None:
        """The last one told stands: streams count on."""
        if given is not None:
            self._set("usage.input_tokens", given)
        if made is not None:
            self._set("usage.output_tokens", made)

    def _end(self) -> None:
        self._note_messages()
        self._span.end()

    @guarded
    def _note_messages(self) -> None:
        if not (any(self._texts) or self._calls):
            return
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._texts) or None}
        if self._calls:
            message["tool_calls"] = _joined(self._calls)
        self._set("output.messages", _json([message]))

    def _set(self, name: str, value: Any) -> None:
        self._span.set_attribute(f"gen_ai.{name}", value)


def _joined(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tool calls, of which a stream gives the arguments bit by bit."""
    calls: dict[Any, dict[str, Any]] = {}
    for piece in pieces:
        function = piece.get("function") or {}
        call = calls.setdefault(piece.get("index", piece.get("id")), {"type": "function", "function": {}})
        call["id"] = piece.get("id") or call.get("id")
        call["function"]["name"] = function.get("name") or call["function"].get("name")
        call["function"]["arguments"] = call["function"].get("arguments", "") + (function.get("arguments") or "")
    return list(calls.values())


def _json(value: Any) -> str:
    return json.dumps(value, default=str)
