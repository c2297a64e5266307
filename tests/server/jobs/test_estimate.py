"""Token counts that nobody reported are estimated from the messages, and give way to what is reported later."""

import json
import uuid
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from agentops_server.domain.event import Usage
from agentops_server.domain.ids import SessionId, new_uuid7
from agentops_server.domain.price import PriceOverride
from agentops_server.jobs.characters import estimate_tokens

from .rooms import CostRooms

PROMPT = json.dumps([{"role": "user", "content": "word " * 80}])
ANSWER = json.dumps({"role": "assistant", "content": "an answer" * 9})
UNCOUNTED: dict[str, Any] = {"usage": Usage(), "prompt_json": PROMPT, "completion_json": ANSWER}

LONG_AGO_NS = 1_700_000_000_000_000_000


def new_session() -> SessionId:
    return SessionId(uuid.uuid4())


def test_a_call_without_counts_gets_a_fourth_of_its_characters(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, **UNCOUNTED)
    rooms.summarise()
    assert rooms.kept(project.id, session_id).unpriced == 1

    assert rooms.estimates.run() == 1

    row = rooms.stored(event)
    assert (row.input_tokens, row.output_tokens, row.usage_estimated) == (100, 21, True)
    assert Decimal(row.cost or "") == (100 * Decimal("2.5") + 21 * 10) / 1_000_000
    assert row.price_version.startswith("genai-prices ")
    assert (row.prompt, row.completion, row.received_ns) == (PROMPT, ANSWER, event.received_ns)


def test_the_totals_have_the_estimate_and_say_so(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    rooms.record(project, session_id)
    rooms.record(project, session_id, **UNCOUNTED)
    rooms.summarise()
    rooms.estimates.run()
    rooms.summarise()

    kept = rooms.kept(project.id, session_id)
    assert kept == rooms.exact(project.id, session_id)
    assert kept == (2, 1100, 521, Decimal("0.0075") + Decimal("0.00046"), 0, 0, 1, True)


def test_only_the_count_that_is_missing_is_estimated(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, **{**UNCOUNTED, "usage": Usage(7, None)})
    rooms.summarise()
    rooms.estimates.run()
    row = rooms.stored(event)
    assert (row.input_tokens, row.output_tokens, row.usage_estimated) == (7, 21, True)


def test_a_count_without_a_message_stays_unknown_and_is_looked_at_once(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, usage=Usage(7, None), prompt_json=PROMPT)
    rooms.summarise()
    assert [rooms.estimates.run(), rooms.estimates.run()] == [0, 0]
    row = rooms.stored(event)
    assert (row.output_tokens, row.cost, row.usage_estimated) == (None, None, False)


def test_a_reported_cost_stands_above_the_estimate(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, **UNCOUNTED, reported_cost=Decimal("0.5"))
    rooms.summarise()
    rooms.estimates.run()
    row = rooms.stored(event)
    assert (row.cost, row.reported_cost, Decimal(row.computed_cost or "")) == ("0.5", "0.5", Decimal("0.00046"))


def test_a_duplicate_delivery_does_not_undo_an_estimate(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, **UNCOUNTED)
    rooms.summarise()
    rooms.estimates.run()
    rooms.record(project, session_id, **UNCOUNTED, id=event.id)
    rooms.summarise()
    assert rooms.stored(event).usage_estimated
    assert rooms.kept(project.id, session_id).llms == 1
    assert rooms.estimates.run() == 0


@pytest.mark.parametrize("first", ["estimate", "correction"])
def test_what_the_client_reports_later_stands_whichever_is_written_first(rooms: CostRooms, first: str) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, **UNCOUNTED)
    rooms.summarise()
    corrected: dict[str, Any] = {**UNCOUNTED, "usage": Usage(110, 20), "id": event.id, "replaces": True}
    if first == "estimate":
        rooms.estimates.run()
        rooms.record(project, session_id, **corrected)
    else:
        outdated = rooms.stored(event)
        rooms.record(project, session_id, **corrected)
        rooms.amendments.store([outdated])  # what a job writes that read the call before it was corrected
    row = rooms.stored(event)
    assert (row.input_tokens, row.output_tokens, row.usage_estimated) == (110, 20, False)


def test_a_correction_without_counts_is_estimated_again(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, **UNCOUNTED)
    rooms.summarise()
    rooms.estimates.run()
    longer = json.dumps("longer. " * 100)
    rooms.record(project, session_id, **{**UNCOUNTED, "completion_json": longer}, id=event.id, replaces=True)
    rooms.summarise()
    rooms.estimates.run()
    assert rooms.stored(event).output_tokens == 200


def test_a_call_that_still_goes_on_is_not_estimated(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    rooms.record(project, session_id, **UNCOUNTED, provisional=True)
    rooms.summarise()
    assert rooms.estimates.run() == 0


def test_estimates_have_the_projects_own_prices(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    own = PriceOverride(
        new_uuid7(),
        project.id,
        "house-*",
        "",
        date(2026, 1, 1),
        None,
        {"input": Decimal(1), "output": Decimal(2)},
        (),
        1,
    )
    rooms.control.price_overrides.set_override(own)
    event = rooms.record(project, session_id, **UNCOUNTED, model="house-7b")
    rooms.summarise()
    rooms.estimates.run()
    assert rooms.stored(event).price_version == f"override {own.id}"


def test_estimating_amid_corrections_and_duplicates_loses_none_of_them(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    events = [rooms.record(project, session_id, **UNCOUNTED) for _ in range(30)]
    rooms.summarise()

    def correct() -> None:
        for event in events[::2]:
            rooms.record(project, session_id, **{**UNCOUNTED, "usage": Usage(1, 1)}, id=event.id, replaces=True)
        for event in events:
            rooms.record(project, session_id, **UNCOUNTED, id=event.id)

    correcting = Thread(target=correct)
    correcting.start()
    while correcting.is_alive():
        rooms.estimates.run()
        rooms.amendments.apart_from(rooms.summaries.run)()
    correcting.join()
    rooms.summarise()
    rooms.estimates.run()
    rooms.summarise()

    rows = [rooms.stored(event) for event in events]
    assert [(row.input_tokens, row.usage_estimated) for row in rows] == [(1, False), (100, True)] * 15
    assert rooms.kept(project.id, session_id) == rooms.exact(project.id, session_id)


def test_a_kill_between_the_estimate_and_the_totals_leaves_none_outdated(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    rooms.record(project, session_id, **UNCOUNTED, received_ns=LONG_AGO_NS)
    rooms.summarise()
    rooms.estimates.run()
    assert rooms.kept(project.id, session_id).estimated == 0

    rooms.restart()

    assert rooms.listed(project.id, session_id).estimated == 1
    rooms.summarise()
    assert rooms.kept(project.id, session_id).estimated == 1


IMAGE = "data:image/png;base64," + "iVBORw0KGgo" * 500


@pytest.mark.parametrize(
    ("payload", "tokens"),
    [
        ('"12345678"', 2),
        ('"123456789"', 3),
        ('""', 0),
        ("[]", 0),
        ("not json at all!", 4),
        (
            json.dumps(
                [{"role": "user", "content": "1234"}, {"role": "user", "content": [{"type": "text", "text": "5678"}]}]
            ),
            2,
        ),
        (
            json.dumps(
                {"content": [{"type": "image_url", "image_url": {"url": IMAGE}}, {"type": "text", "text": "1234"}]}
            ),
            1,
        ),
        (json.dumps({"content": [IMAGE, "1234"]}), 1),
        (json.dumps({"type": "image", "source": {"type": "base64", "data": "A" * 5000, "media_type": "image/png"}}), 0),
        (json.dumps({"tool_calls": [{"id": "call_1", "function": {"name": "look", "arguments": '{"a": 12345}'}}]}), 4),
        (json.dumps({"agentops-object": {"name": "0" * 64 + ".json", "bytes": 400_000, "preview": "x"}}), 100_000),
    ],
)
def test_text_counts_and_images_do_not(payload: str, tokens: int) -> None:
    assert estimate_tokens(payload) == tokens
