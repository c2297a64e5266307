"""Google's Gemini API: generateContent, streamGenerateContent, embeddings."""

from collections.abc import Iterator
from typing import Any

from tests.contract.otlp.scripted.script import (
    ANSWER,
    ARGUMENTS,
    CACHED_TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    REASONING_TOKENS,
    REFUSAL,
    REFUSED,
    Asked,
    Reply,
    halves,
    server_sent,
)

# Candidates are counted without thoughts.
USAGE = {
    "promptTokenCount": INPUT_TOKENS,
    "candidatesTokenCount": OUTPUT_TOKENS - REASONING_TOKENS,
    "thoughtsTokenCount": REASONING_TOKENS,
    "totalTokenCount": INPUT_TOKENS + OUTPUT_TOKENS,
    "cachedContentTokenCount": CACHED_TOKENS,
}


def answer(asked: Asked) -> Reply | None:
    """The answer, or None where the path is none of Google's."""
    place, _, action = asked.path.partition("?")[0].rpartition(":")
    model = place.rpartition("/")[2]
    if action not in {"generateContent", "streamGenerateContent", "batchEmbedContents", "embedContent"}:
        return None
    if model == REFUSED:
        return Reply({"error": {"code": 400, "message": REFUSAL, "status": "INVALID_ARGUMENT"}}, 400)
    if "mbed" in action:
        return Reply({"embeddings": [{"values": [0.5, 0.25]}]})
    parts = _parts(asked.body, is_whole=action == "generateContent")
    if action == "generateContent":
        return Reply({**_candidate(parts, "STOP"), "usageMetadata": USAGE, "modelVersion": model, "responseId": "r1"})
    return server_sent(_events(parts, model), held_after=1)


def _parts(body: Any, *, is_whole: bool) -> list[dict[str, Any]]:
    answered = "functionResponse" in str(body["contents"])
    if body.get("tools") and not answered:
        function = next(iter(_either(body["tools"][0], "functionDeclarations", "function_declarations")))
        return [{"functionCall": {"name": function["name"], "args": ARGUMENTS}}]
    return [{"text": piece} for piece in ([ANSWER] if is_whole else halves())]


def _either(value: dict[str, Any], *names: str) -> Any:
    return next(value[name] for name in names if name in value)


def _candidate(parts: list[dict[str, Any]], reason: str | None) -> dict[str, Any]:
    ended = {"finishReason": reason} if reason else {}
    return {"candidates": [{"content": {"role": "model", "parts": parts}, "index": 0, **ended}]}


def _events(parts: list[dict[str, Any]], model: str) -> Iterator[dict[str, Any]]:
    for number, part in enumerate(parts, 1):
        is_last = number == len(parts)
        usage = USAGE if is_last else {"promptTokenCount": INPUT_TOKENS, "totalTokenCount": INPUT_TOKENS}
        yield {**_candidate([part], "STOP" if is_last else None), "usageMetadata": usage, "modelVersion": model}
