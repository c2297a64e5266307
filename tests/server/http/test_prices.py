"""A project's own prices over HTTP: in force at once, and for that project alone."""

import json
import uuid
from typing import Any

import pytest

from tests.serving import Server

from .api import Api, call, make_key

pytestmark = pytest.mark.xdist_group("http")

HOUSE = {"model": "house-*", "prices": {"input": "2", "output": 4.5}, "effective_from": "2026-01-01"}


def cost_of(api: Api, **facts: Any) -> Any:
    run, sent = api.start(), call(**facts)
    run.record(sent)
    return api.get(f"{run.path}/events/{sent['id']}")


def put(api: Api, **changes: Any) -> Any:
    answer = api.ask("PUT", "/v2/prices", {**HOUSE, **changes})
    assert answer.status == 200, answer.body
    return answer.json()


def test_a_price_is_in_force_for_the_next_call_and_gone_after_its_removal(own: Api) -> None:
    assert cost_of(own, model="house-7b")["cost"] is None

    price = put(own)
    priced = cost_of(own, model="House-7B")
    assert (priced["cost"], priced["price_version"]) == ("0.00425", f"override {price['id']}")

    assert own.ask("DELETE", f"/v2/prices/{price['id']}").status == 200
    assert cost_of(own, model="house-7b")["cost"] is None
    assert own.ask("DELETE", f"/v2/prices/{price['id']}").status == 404


def test_a_price_for_the_same_models_from_the_same_day_replaces_the_other(own: Api) -> None:
    first, second = put(own), put(own, prices={"input": "3"})
    listed = own.get("/v2/prices")["overrides"]
    assert [each["id"] for each in listed] == [second["id"]] != [first["id"]]
    assert listed[0]["prices"] == {"input": "3"}


def test_another_project_has_none_of_it(own: Api, server: Server) -> None:
    price = put(own)
    other = Api(own.url, make_key(server, f"other {uuid.uuid4()}"))
    assert other.get("/v2/prices")["overrides"] == []
    assert cost_of(other, model="house-7b")["cost"] is None
    assert other.ask("DELETE", f"/v2/prices/{price['id']}").status == 404


def test_what_a_model_costs_is_shown_with_its_source(own: Api) -> None:
    listed = own.get("/v2/prices?model=gemini-2.5-pro&day=2026-11-20")
    assert listed["price_list"].startswith("genai-prices ")
    (price,) = listed["prices"]
    assert price["price_version"] == f"{listed['price_list']} google/gemini-2.5-pro"
    assert (price["prices"]["input"], price["tiers"][0]["above_input_tokens"]) == ("1.25", 200_000)
    assert own.get("/v2/prices?model=house-7b")["prices"] == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"model": ""}, "model"),
        ({"model": "a[b]"}, "model"),
        ({"prices": {}}, "prices"),
        ({"prices": {"input": "-1"}}, "prices.input"),
        ({"prices": {"input": "NaN"}}, "prices.input"),
        ({"prices": {"input": "two"}}, "prices.input"),
        ({"prices": {"input": "0.0000000000001"}}, "prices.input"),
        ({"prices": {"input": "1", "words": "1"}}, "words"),
        ({"effective_from": "yesterday"}, "effective_from"),
        ({"effective_to": "2025-01-01"}, "effective_to"),
        ({"tiers": [{"above_input_tokens": 0, "prices": {}}]}, "tiers"),
        ({"tiers": [{"above_input_tokens": 5, "prices": {"input": "-1"}}]}, "tiers above 5.input"),
    ],
)
def test_a_price_that_cannot_be_meant_is_refused_by_its_field(own: Api, changes: dict[str, Any], named: str) -> None:
    answer = own.ask("PUT", "/v2/prices", {**HOUSE, **changes})
    assert answer.status == 422
    assert named in json.loads(answer.body)["message"]
    assert own.get("/v2/prices")["overrides"] == []


def test_a_price_without_a_model_is_a_bad_request(own: Api) -> None:
    assert own.ask("PUT", "/v2/prices", {"prices": {"input": "1"}}).status == 400


def test_a_day_that_is_none_is_refused(own: Api) -> None:
    assert own.ask("GET", "/v2/prices?model=gpt-4o&day=today").status == 422
