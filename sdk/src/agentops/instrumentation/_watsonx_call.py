"""One call of a model of watsonx.ai as a span, from what its client takes and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentops._guard import guarded

from ._model_call import ModelCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.trace import Tracer

_PARAMS = ("temperature", "max_tokens", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty")


class Call(ModelCall):
    """One call of watsonx."""

    def __init__(self, tracer: Tracer, model: Any, asked: Mapping[str, Any]) -> None:
        name = str(getattr(model, "model_id", None) or getattr(model, "deployment_id", None) or "watsonx")
        super().__init__(tracer, "ibm.watsonx.ai", name)
        self._texts: list[str] = []
        self._calls: list[dict[str, Any]] = []
        self._note_request(asked)

    @guarded
    def _note_request(self, asked: Mapping[str, Any]) -> None:
        prompt = asked.get("messages") or asked.get("prompt")
        messages = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
        self.set_json("input.messages", messages)
        self.set_json("tool.definitions", asked.get("tools"))
        params = asked.get("params") or {}
        params = params if isinstance(params, dict) else params.to_dict()
        for name in _PARAMS:
            if params.get(name) is not None:
                self.set(f"request.{name}", params[name])

    def note_answer(self, answer: Any) -> Any:
        """What the client gives at once; returns it."""
        self._add(answer)
        return answer

    def note_chunk(self, chunk: Any) -> None:
        """A piece of a stream."""
        self.note_first_chunk()
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
            self.note_usage(usage.get("prompt_tokens"), usage.get("completion_tokens"))
            if each.get("model_id") or each.get("model"):
                self.set("response.model", each.get("model_id") or each.get("model"))

    def _add_result(self, result: dict[str, Any]) -> None:
        self._texts.append(result.get("generated_text") or "")
        self.note_usage(result.get("input_token_count"), result.get("generated_token_count"))
        if (reason := result.get("stop_reason")) and reason != "not_finished":
            self.set("response.finish_reasons", [reason.lower()])

    def _add_choice(self, choice: dict[str, Any]) -> None:
        message = choice.get("message") or choice.get("delta") or {}
        self._texts.append(message.get("content") or "")
        self._calls += message.get("tool_calls") or ()
        if choice.get("finish_reason"):
            self.set("response.finish_reasons", [choice["finish_reason"]])

    def end(self) -> None:
        self._note_messages()
        super().end()

    @guarded
    def _note_messages(self) -> None:
        if not (any(self._texts) or self._calls):
            return
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._texts) or None}
        if self._calls:
            message["tool_calls"] = _joined(self._calls)
        self.set_json("output.messages", [message])


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
