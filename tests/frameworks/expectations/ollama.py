"""Ollama, whose models cost nothing that anybody knows of."""

from tests.contract.otlp.scripted.script import ANSWER, EMBEDDED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS
from tests.frameworks.expectation import Expectation, Session

_ONCE = (
    "function",
    "plain",
    "stream",
    "asynchronous",
    "asynchronous_stream",
    "tools",
    "error",
    "generated",
    "generated_stream",
    "generated_by_function",
    "generated_error",
)


def check(session: Session) -> None:
    steps = ("generated", "generated_stream", "generated_by_function", "asynchronous_generated")
    for call in (call for step in steps for call in session.steps[step].llms):
        assert "Where is order 1042?" in str(call["prompt"])
        assert call["completion"] == {"role": "assistant", "content": ANSWER}
        assert (call["prompt_tokens"], call["completion_tokens"]) == (INPUT_TOKENS, OUTPUT_TOKENS)
        assert call["finish_reasons"] == "stop"
    (generated,) = session.steps["generated"].llms
    assert generated["model_params"]["temperature"] == 0.2
    assert generated["prompt"][0] == {"role": "system", "content": "You know about orders."}
    streamed = [*session.steps["generated_stream"].llms, *session.steps["asynchronous_generated"].llms[1:]]
    assert all(call["time_to_first_chunk"] for call in streamed)
    assert [error["error_type"] for error in session.steps["generated_error"].errors] == ["ollama._types.ResponseError"]
    embeddings = session.steps["embedding"].actions
    assert [row["kind"] for row in embeddings] == ["embedding"] * 4
    given = sum(call["prompt_tokens"] or 0 for call in session.export["llms"])
    in_embeddings = session.export["stats"]["prompt_tokens"] - given
    assert in_embeddings == 3 * EMBEDDED_TOKENS, "the old embeddings() is told no counts"


EXPECTATION = Expectation(
    "Ollama",
    "ollama",
    dict.fromkeys(_ONCE, 1) | {"asynchronous_generated": 2, "embedding": 0},
    is_priced=False,
    check=check,
)
