"""A malformed event is reported by index and reason, and the rest of its batch is stored."""

from typing import Any

import pytest

from .api import Api, bearer, event

pytestmark = pytest.mark.xdist_group("http-ingest")

BAD: list[tuple[str, Any]] = [
    ("not_an_object", 7),
    ("invalid_id", event(id="nope")),
    ("invalid_type", event(event_type="")),
    ("invalid_time", event(init_timestamp="yesterday")),
    ("invalid_tokens", event("llms", prompt_tokens=-1)),
    ("invalid_cost", event("llms", cost="free")),
]


def test_every_bad_event_is_reported_and_every_good_one_stored(api: Api) -> None:
    run = api.start()
    good = [event(name=str(n)) for n in range(len(BAD))]
    answer = run.record(*(each for pair in zip(good, (bad for _, bad in BAD), strict=True) for each in pair))

    assert answer["accepted"] == len(good)
    assert [(drop["index"], drop["reason"]) for drop in answer["rejected"]] == [
        (2 * n + 1, reason) for n, (reason, _) in enumerate(BAD)
    ]
    assert all(drop.keys() == {"index", "id", "reason", "message"} and drop["message"] for drop in answer["rejected"])
    assert {row["id"] for row in run.export()["actions"]} == {each["id"] for each in good}


def test_an_event_that_is_not_utf_8_or_too_deep_is_rejected_alone(api: Api) -> None:
    run, good = api.start(), event()
    deep = b'{"id": "x", "params": %s1%s}' % (b"[" * 20_000, b"]" * 20_000)
    body = b'{"events": [{"id": "\xff"}, %s, {"id": "%s", "event_type": "actions"}]}' % (deep, good["id"].encode())
    answer = api.ask("POST", "/v2/create_events", body, bearer(run.token)).json()
    assert [(drop["index"], drop["reason"]) for drop in answer["rejected"]] == [(0, "malformed"), (1, "malformed")]
    assert [row["id"] for row in run.export()["actions"]] == [good["id"]]


def test_what_is_no_json_number_is_kept_as_text(api: Api) -> None:
    run = api.start()
    assert run.record(event("llms", prompt=[float("nan"), float("inf")]))["rejected"] == []
    assert run.export()["llms"][0]["prompt"] == ["NaN", "Infinity"]


def test_a_cost_at_the_edge_of_the_column_is_stored_exactly(api: Api) -> None:
    run = api.start()
    run.record(event("llms", cost="999999999999999.999999999999999999"))
    assert run.stats()["cost"] == "999999999999999.999999999999999999"


def test_a_session_whose_host_environment_cannot_be_kept_is_refused_and_stays_readable(api: Api) -> None:
    run = api.start()
    host_env = b'{"a":' * 500 + b"1" + b"}" * 500
    body = b'{"session": {"session_id": "%s", "host_env": %s}}' % (run.id.encode(), host_env)
    assert api.ask("POST", "/v2/update_session", body, bearer(run.token)).status == 400
    assert run.update(tags=["fine"])["status"] == "success"
    assert api.get(run.path)["tags"] == ["fine"]
