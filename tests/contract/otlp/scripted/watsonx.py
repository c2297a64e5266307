"""IBM's watsonx.ai: generation and chat, and what its client asks before."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.contract.otlp.scripted import openai
from tests.contract.otlp.scripted.script import (
    ANSWER,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REFUSAL,
    REFUSED,
    Asked,
    Reply,
    halves,
    server_sent,
)

_PROJECT = {"entity": {"storage": {"type": "local_git_storage"}}, "metadata": {"guid": "p"}}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of watsonx's."""
    path, _, _ = asked.path.partition("?")
    if path == "/ml/wml_services/v2/version":
        return Reply({"version": "5.2"})
    if path.startswith("/v2/projects/"):
        return Reply(_PROJECT)
    return _generate(asked, path.rpartition("/")[2]) if path.startswith("/ml/v1/text/") else None


def _generate(asked: Asked, action: str) -> Reply | None:
    model = asked.body["model_id"]
    if model == REFUSED:
        return Reply({"errors": [{"code": "model_not_supported", "message": REFUSAL}], "trace": "t"}, 400)
    if action.startswith("chat"):
        body = {**asked.body, "model": model, "stream": action == "chat_stream"}
        reply = openai.answer(Asked("/chat/completions", asked.headers, body))
        return reply if reply is None or reply.chunks is None else _without_end(reply)
    if action == "generation_stream":
        return server_sent(_events(model), held_after=1)
    return Reply({"model_id": model, "results": [_result(ANSWER, OUTPUT_TOKENS, "eos_token")]})


def _without_end(reply: Reply) -> Reply:
    """Its streams just end."""
    return replace(reply, chunks=(chunk for chunk in reply.chunks or () if b"[DONE]" not in chunk))


def _result(text: str, tokens: int, reason: str) -> dict[str, Any]:
    counts = {"generated_token_count": tokens, "input_token_count": INPUT_TOKENS}
    return {"generated_text": text, "stop_reason": reason, **counts}


def _events(model: str) -> Iterator[dict[str, Any]]:
    first, rest = halves()
    yield {"model_id": model, "results": [_result(first, 1, "not_finished")]}
    yield {"model_id": model, "results": [_result(rest, OUTPUT_TOKENS, "eos_token")]}
