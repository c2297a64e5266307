"""The results of the libraries as a page."""

from typing import Any

from tests.frameworks.expectation import ASPECTS

_HEAD = """# Support matrix

Written by `make matrix`, which runs a program of each library, as published, against a scripted model endpoint, once
imported before `agentops.init()` and once after, and reads the session back from a server. Nothing in it is written by
hand. "yes" is what held in both runs; a number leads to what did not.

"""
_MEANING = """
What the columns mean: *once*: each call is one event, also where a provider's client is used inside a framework;
*parents*: each event is below the function that made it; *stopping*: `agentops.stop_instrumenting()` leaves nothing in
the library, and nothing more is captured; *stream*: messages of a streamed answer, whose first piece is in the
program's hands before the second is sent; *tools*: calls with their arguments, and of agents the results; *retries*: a
call that was told to come again is one call, and no error.
"""
_DIALECTS = (
    ("opentelemetry.instrumentation.ag2", "OpenTelemetry GenAI"),
    ("autogen-core", "OpenTelemetry GenAI"),
    ("semantic_kernel", "OpenTelemetry GenAI"),
    ("pydantic-ai", "Pydantic AI"),
    ("haystack", "Haystack"),
    ("opentelemetry.instrumentation.genai", "OpenTelemetry GenAI"),
    ("openinference", "OpenInference"),
    ("opentelemetry.instrumentation", "OpenLLMetry"),
    ("opentelemetry.util.genai", "OpenTelemetry GenAI"),
    ("agentops", "OpenTelemetry GenAI"),
)


def render(results: list[dict[str, Any]]) -> str:
    """The page."""
    notes: list[str] = []
    lines = [_row(["library", "version", "captured by", "dialect", *ASPECTS, "run on"])]
    lines.append(_row(["---"] * (5 + len(ASPECTS))))
    lines += [_row(_cells(result, notes)) for result in results if "did_not_run" not in result]
    told = [f"{number}. {note}" for number, note in enumerate(notes, 1)]
    remarks = [f"- {result['title']}: {_plain(each)}." for result in results for each in result.get("remarks", ())]
    idle = [
        f"- {result['title']} did not run: {_plain(result['did_not_run'])}."
        for result in results
        if "did_not_run" in result
    ]
    parts = ["\n".join(lines), _MEANING.strip(), "\n".join(told), "\n".join(remarks), "\n".join(idle)]
    return _HEAD + "\n\n".join(part for part in parts if part) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(result: dict[str, Any], notes: list[str]) -> list[str]:
    captured = "; ".join(f"{name} {version}".strip() for name, version in result["captured_by"].items())
    dialects = ", ".join(_dialects(result["scopes"])) or "the SDK's own events"
    cells = [result["title"], result["version"], captured, dialects]
    for aspect in ASPECTS:
        if aspect not in result["problems"]:
            cells.append("–")
        elif (problem := result["problems"][aspect]) is None:
            cells.append("yes")
        else:
            reason = result["lacks"].get(aspect, problem)
            notes.append(f"{result['title']}, {aspect}: {_plain(reason)}.")
            cells.append(f"no: {len(notes)}")
    return [*cells, f"{result['date']}, Python {result['python']}"]


def _dialects(scopes: list[str]) -> list[str]:
    found = (next((word for start, word in _DIALECTS if scope.startswith(start)), scope) for scope in scopes)
    return sorted(set(found))


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").rstrip(".")
