"""The steps of the pipeline: names and prices."""

from decimal import Decimal
from typing import Any

import pytest

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event, Usage
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.normalise import normalise
from agentops_server.ingest.pipeline import Pipeline
from agentops_server.ingest.price import price_with
from agentops_server.ingest.writer import Writer
from agentops_server.pricing.book import PriceBook
from agentops_server.queries.events import get_event
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from tests.server.making import make_event, make_origin

from .wrapping import PATIENCE_S

ORIGIN = make_origin()
CALL: dict[str, Any] = {"kind": "llm", "event_type": "llms", "model": "gpt-4o", "usage": Usage(1000, 500)}
price = price_with(PriceBook())


def priced(**given: Any) -> Event:
    event = make_event(ORIGIN, **{**CALL, **given})
    price(Batch(events=[event]))
    return event


def test_a_call_costs_what_its_tokens_cost() -> None:
    event = priced()
    assert event.cost == Decimal("0.0075")
    assert event.reported_cost is None
    assert event.price_version


def test_a_reported_cost_stands_and_is_kept() -> None:
    event = priced(reported_cost=Decimal("0.5"))
    assert (event.cost, event.reported_cost, event.computed_cost) == (Decimal("0.5"), Decimal("0.5"), Decimal("0.0075"))


def test_a_reported_cost_of_zero_stands() -> None:
    assert priced(reported_cost=Decimal(0)).cost == 0


@pytest.mark.parametrize(
    "given", [{"model": "no-such-model"}, {"model": ""}, {"usage": Usage(1000, None)}, {"usage": None}]
)
def test_a_cost_that_nobody_knows_is_none_and_never_0(given: dict[str, Any]) -> None:
    event = priced(**given)
    assert (event.cost, event.price_version) == (None, "")


def test_only_llm_calls_are_priced() -> None:
    assert priced(kind="tool").cost is None


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"name": "given", **CALL}, "given"),
        (CALL, "gpt-4o"),
        ({"kind": "error", "event_type": "errors", "error_type": "KeyError"}, "KeyError"),
        ({"kind": "error", "event_type": "errors"}, "errors"),
        ({"kind": "chain", "event_type": "chain"}, "chain"),
    ],
)
def test_an_event_without_a_name_gets_one(given: dict[str, Any], name: str) -> None:
    event = make_event(ORIGIN, **given)
    normalise(Batch(events=[event]))
    assert event.name == name


def test_the_pipeline_runs_its_steps_in_order_and_then_stores(warehouse: EmbeddedWarehouse, writer: Writer) -> None:
    event = make_event(ORIGIN)
    seen: list[str] = []

    def first(batch: Batch) -> None:
        seen.append("first")
        batch.events[0].name = "first"

    def second(batch: Batch) -> None:
        seen.append(f"second after {batch.events[0].name}")

    pipeline = Pipeline([("first", first), ("second", second)], writer, IngestMetrics())
    pipeline.run(Batch(events=[event])).result(PATIENCE_S)
    assert writer.pending.wait(ORIGIN.project_id, None, PATIENCE_S)

    assert seen == ["first", "second after first"]
    assert get_event(warehouse, ORIGIN.project_id, ORIGIN.session_id, event.id).name == "first"
