"""What published libraries export becomes what was read through and committed beside it; see tests/contract/otlp."""

import json
from decimal import Decimal
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.contract.otlp.outline import HERE, body_of, is_traces, outline, read_requests, replay, sample_names

from .api import Api
from .spans import take

pytestmark = pytest.mark.xdist_group("http-otlp")

# Model calls, tool calls, errors, input and output tokens, and cost, worked out by hand from what the scripted endpoint
# answers: 120 in (20 cached), 30 out. gpt-4o: 100 x 2.5 + 20 x 1.25 + 30 x 10 dollars per million.
CALL = Decimal("0.000575")
FIGURES: dict[str, tuple[int, int, int, int, int, Decimal]] = {
    "genai_openai": (3, 0, 1, 240, 60, 2 * CALL),
    # 70 x 3 + 40 x 0.3 + 10 x 3.75 + 30 x 15
    "genai_anthropic": (3, 0, 1, 240, 60, 2 * Decimal("0.0007095")),
    "openinference_openai": (3, 0, 1, 240, 60, 2 * CALL),
    "openinference_langchain": (2, 1, 0, 240, 60, 2 * CALL),
    "openllmetry_openai": (3, 0, 1, 240, 60, 2 * CALL),
    # One run, told twice because its messages were listed twice; four others are not told.
    "openllmetry_assistants": (2, 0, 0, 240, 60, 2 * Decimal("0.0006")),
    "langfuse_openai": (3, 1, 1, 240, 60, 2 * CALL),
    "pydantic_ai_native": (2, 1, 0, 240, 60, 2 * CALL),
    "haystack_native": (7, 3, 2, 720, 180, 6 * CALL),
    "ag2_native": (5, 2, 2, 480, 120, 4 * CALL),
    "logfire_pending": (2, 1, 0, 240, 60, 2 * CALL),
    "agentops_0_4": (2, 1, 1, 120, 30, Decimal("0.0006")),  # it does not tell of cached tokens
    "vercel_ai": (5, 2, 1, 480, 120, 4 * CALL),
}
# Where a span has its session, a call its messages, or an error the one that quotes it, from another span sent with it.
WHOLE_ONLY = {"haystack_native", "logfire_pending", "openinference_openai", "genai_anthropic", "vercel_ai"}


def outlines(api: Api) -> list[Any]:
    sessions = api.get("/v2/sessions")["sessions"]
    found = [outline(session, api.get(f"/v2/sessions/{session['session_id']}/export")) for session in sessions]
    return sorted(found, key=json.dumps)


def expected(name: str) -> Any:
    return json.loads((HERE / f"{name}.expected.json").read_text())


def test_every_sample_has_figures() -> None:
    assert sample_names() == sorted(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_sample_becomes_what_is_expected_however_often_it_comes(own: Api, name: str) -> None:
    requests = [request for request in read_requests(name) if is_traces(request)]
    for request in [*requests, *requests]:
        replay(own.url, own.api_key, request)
    assert outlines(own) == expected(name)
    found = [session["stats"] for session in own.get("/v2/sessions")["sessions"]]
    names = ("llms", "tools", "errors", "prompt_tokens", "completion_tokens")
    counted = tuple(sum(figures[key] for figures in found) for key in names)
    assert (*counted, sum(Decimal(figures["cost"] or 0) for figures in found)) == FIGURES[name]


@pytest.mark.parametrize("name", sorted(FIGURES.keys() - WHOLE_ONLY))
def test_a_sample_in_single_spans_from_the_last_to_the_first_becomes_the_same(own: Api, name: str) -> None:
    (request,) = filter(is_traces, read_requests(name))
    whole = ExportTraceServiceRequest.FromString(body_of(request))
    spans = [(r, scoped, span) for r in whole.resource_spans for scoped in r.scope_spans for span in scoped.spans]
    for resource, scoped, span in sorted(spans, key=lambda each: each[2].start_time_unix_nano):
        single = ExportTraceServiceRequest()
        part = single.resource_spans.add(resource=resource.resource).scope_spans.add(scope=scoped.scope)
        part.spans.append(span)
        take(own, single.SerializeToString())
    assert outlines(own) == expected(name)


@pytest.mark.parametrize("name", ["genai_openai", "langfuse_openai"])
def test_the_expected_outlines_name_what_was_asked_and_answered(name: str) -> None:
    text = json.dumps(expected(name))
    assert "Where is order 1042?" in text
    assert "Order 1042 is on its way." in text
    assert "You are terse." in text
    assert "The model is not for you." in text
