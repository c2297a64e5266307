"""Events found by their words, and sessions by the words of their events."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from agentops_server.http.searching import MOST_FOUND

from .api import Api, Run, call, event
from .test_sessions import wait_until_summed

pytestmark = pytest.mark.xdist_group("http-reading")


def search(api: Api, q: str, **given: Any) -> Any:
    return api.get(f"/v2/search?{urlencode({'q': q, **given})}")


def found(api: Api, q: str) -> set[str]:
    """A search reads what is in the warehouse; a list of sessions waits until everything is there."""
    api.get("/v2/sessions")
    return {row["event_id"] for row in search(api, q)["events"]}


@pytest.fixture
def run(own: Api) -> Run:
    return own.start()


PLACES = [
    call(prompt="a heron stands"),
    call(completion={"content": "a heron stands"}),
    event("tools", params={"bird": "heron", "does": "stands"}),
    event("tools", returns=["heron", {"it": "stands"}]),
    event("tools", name="stands heron"),
    event("actions", logs="heron\nstands"),
    event("errors", error_type="heron", details="it stands"),
]


@pytest.mark.parametrize("given", PLACES, ids=lambda given: given["event_type"])
def test_words_are_found_in_every_text_of_an_event(run: Run, given: dict[str, Any]) -> None:
    sent = {**given, "id": str(uuid.uuid4())}
    run.record(sent, call(prompt="a heron flies"))
    assert found(run.api, "heron stands") == {sent["id"]}
    assert found(run.api, "STANDS, Heron!") == {sent["id"]}
    assert found(run.api, "hero") == set()


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("first\nsecond\tthird", "first second third"),
        ('say "quoted"', "quoted"),
        (r"C:\new\table", "new table"),
        ("rate-limit_error", "rate limit error"),
        ("rate-limit_error", "rate-limit"),
        ("日本 東京", "東京"),
        ("Crème brûlée", "crème"),
        ("Crème brûlée", "BRÛLÉE"),
        ("gpt-4o 3.14", "3.14"),
    ],
)
def test_a_word_is_letters_and_digits_of_any_script_and_case(run: Run, text: str, q: str) -> None:
    escaped, plain = call(prompt=text), call(prompt=text)
    run.record(escaped)  # the tests' client escapes what is not ASCII
    body = f'{{"events":[{{"id":"{plain["id"]}","event_type":"llms","prompt":"{text}"}}]}}'
    if text.isprintable() and not set(text) & set('"\\'):
        run.api.ask("POST", "/v2/create_events", body.encode(), {"Authorization": f"Bearer {run.token}"})
        assert found(run.api, q) == {escaped["id"], plain["id"]}
    assert escaped["id"] in found(run.api, q)


def test_words_of_two_events_are_no_event_with_both(run: Run) -> None:
    run.record(call(prompt="heron"), call(prompt="stork"))
    assert found(run.api, "heron stork") == set()
    assert len(found(run.api, "heron")) == 1


def test_what_was_corrected_is_found_as_it_is_now(run: Run) -> None:
    sent = call(prompt="heron")
    run.record(sent)
    run.replace({**sent, "prompt": "stork"})
    assert (found(run.api, "heron"), found(run.api, "stork")) == (set(), {sent["id"]})
    assert (sessions(run.api, "heron"), sessions(run.api, "stork")) == ([], [run.id])
    run.record(sent)
    assert (found(run.api, "heron"), sessions(run.api, "heron")) == (set(), [])


def sessions(api: Api, q: str) -> list[str]:
    return [row["session_id"] for row in api.get(f"/v2/sessions?{urlencode({'q': q})}")["sessions"]]


def test_sessions_are_found_by_the_words_of_their_events(own: Api) -> None:
    runs = [own.start(tags=["a"]) for _ in range(3)]
    runs[0].record(call(prompt="heron"), call(prompt="stork"))
    runs[1].record(call(prompt="heron and stork"))
    assert set(sessions(own, "heron")) == {runs[0].id, runs[1].id}
    assert sessions(own, "heron stork") == [runs[1].id]
    assert sessions(own, "crane") == []
    sent = call(prompt="crane")
    runs[2].record(sent, call(prompt="an egret"))
    runs[2].replace({**sent, "prompt": "a bittern"})
    assert (sessions(own, "crane"), sessions(own, "bittern")) == ([], [runs[2].id])
    assert sessions(own, "egret") == [runs[2].id]
    assert set(sessions(own, "heron")) == {runs[0].id, runs[1].id}
    assert len(own.get("/v2/sessions?q=heron&tag=a&sort=cost&limit=1")["sessions"]) == 1


def test_a_row_says_what_was_found_and_where(run: Run) -> None:
    sent = call(prompt="word " * 100 + "the heron\nstands " + "word " * 100)
    run.record(sent)
    assert found(run.api, "heron") == {sent["id"]}
    (row,) = search(run.api, "heron")["events"]
    assert row["session_id"] == run.id
    assert (row["event_id"], row["kind"], row["name"]) == (sent["id"], "llm", "gpt-4o")
    assert row["init_timestamp"] == sent["init_timestamp"]
    assert "the heron stands" in row["snippet"]
    assert len(row["snippet"]) <= 240


def test_a_row_says_what_was_found_where_such_events_seldom_have_it(run: Run) -> None:
    run.record(
        call(prompt="nothing", params={"bird": "a grey heron"}),
        call(prompt="the heron itself"),
        event("tools", name="look", params="nothing", returns={"bird": "no heron"}),
        event("tools", name="heron"),
    )
    assert len(found(run.api, "heron")) == 4
    snippets = {row["snippet"] for row in search(run.api, "heron")["events"]}
    for words in ("a grey heron", "the heron itself", "no heron", "heron"):
        assert any(words in snippet for snippet in snippets), words


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_pages_have_every_event_once_the_latest_first(run: Run, limit: int) -> None:
    seconds = [5, 1, 3, 3, 4, 2]
    run.record(
        *(call(prompt="heron", init_timestamp=f"2026-11-20T12:00:0{s}+00:00", end_timestamp=None) for s in seconds)
    )
    assert len(found(run.api, "heron")) == len(seconds)
    times: list[str] = []
    ids: set[str] = set()
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = search(run.api, "heron", **query)
        times += [row["init_timestamp"] for row in page["events"]]
        ids |= {row["event_id"] for row in page["events"]}
        assert len(times) <= len(seconds)
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(ids) == len(times) == len(seconds)
    assert times == sorted(times, reverse=True)


# How long ago; the first is ahead of the server's clock.
HOURS_AGO = (-2, 0.01, 0.5, 0.99, 1.01, 6, 6.1, 9.1, 50, 73, 100, 500, 700, 9000)


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


def all_pages(api: Api, path: str, rows: str, **query: Any) -> list[Any]:
    found: list[Any] = []
    while True:
        page = api.get(f"{path}?{urlencode(query)}")
        found += page[rows]
        assert len(found) <= len(HOURS_AGO)
        if page["next_cursor"] is None:
            return found
        assert len(page[rows]) == query["limit"]
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_events_of_all_times_are_found_the_latest_first(run: Run, limit: int) -> None:
    sent = [call(prompt="heron", init_timestamp=ago(hours), end_timestamp=None) for hours in HOURS_AGO]
    run.record(*random.Random(1).sample(sent, len(sent)), call(prompt="crane", init_timestamp=ago(0)))
    assert len(found(run.api, "heron")) == len(HOURS_AGO)
    rows = all_pages(run.api, "/v2/search", "events", q="heron", limit=limit)
    assert [row["event_id"] for row in rows] == [event["id"] for event in sent]


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_sessions_of_all_times_are_found_by_words_the_latest_first(own: Api, limit: int) -> None:
    runs = [own.start(init_timestamp=ago(hours)) for hours in HOURS_AGO]
    for number, run in enumerate(runs):
        # When an event began and when its session did are two things.
        run.record(call(prompt="heron" if number % 4 else "crane", init_timestamp=ago(HOURS_AGO[-number])))
    herons = [run.id for number, run in enumerate(runs) if number % 4]
    listed = all_pages(own, "/v2/sessions", "sessions", q="heron", limit=limit)
    assert [row["session_id"] for row in listed] == herons
    some = all_pages(own, "/v2/sessions", "sessions", q="heron", limit=limit, since=ago(80), until=ago(2))
    assert [row["session_id"] for row in some] == [run.id for run in runs[5:10] if run.id in herons]
    first = all_pages(own, "/v2/sessions", "sessions", q="heron", limit=limit, order="asc")
    assert [row["session_id"] for row in first] == herons[::-1]
    wait_until_summed(own, len(runs))  # a cost that is summed up between two pages moves its session
    assert len(all_pages(own, "/v2/sessions", "sessions", q="heron", limit=limit, sort="cost")) == len(herons)


@pytest.mark.parametrize("q", ["", " ", "!?", "a " + "x " * 0 + " ".join(f"w{n}" for n in range(21)), "x" * 501])
@pytest.mark.parametrize("path", ["/v2/search", "/v2/sessions"])
def test_a_search_for_no_word_or_too_many_is_422(api: Api, path: str, q: str) -> None:
    answer = api.ask("GET", f"{path}?{urlencode({'q': q})}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["message"].startswith("q must be 1 to 20 words")


def test_a_search_without_q_is_422(api: Api) -> None:
    answer = api.ask("GET", "/v2/search")
    assert answer.status == 422
    assert answer.json()["message"].startswith("q must be")


@pytest.mark.parametrize("q", ["it's", "{word_0_0:String}", "') OR 1=1 --", r"back\slash", "%", "/*WORDS*/ x"])
def test_no_text_becomes_a_part_of_the_query(run: Run, q: str) -> None:
    run.record(call(prompt="heron"))
    run.stats()
    answer = run.api.ask("GET", f"/v2/search?{urlencode({'q': q})}")
    assert answer.status == (200 if any(map(str.isalnum, q)) else 422)
    assert answer.status == 422 or answer.json()["events"] == []


def test_another_projects_events_are_never_found(api: Api, own: Api) -> None:
    word = f"w{uuid.uuid4().hex}"
    api.start().record(call(prompt=word))
    assert (len(found(api, word)), found(own, word), sessions(own, word)) == (1, set(), [])


def in_session(run: Run, q: str) -> set[str]:
    answer = run.api.get(f"{run.path}/search?{urlencode({'q': q})}")
    assert answer["is_cut"] is False
    assert len(set(answer["event_ids"])) == len(answer["event_ids"])
    return set(answer["event_ids"])


@pytest.mark.parametrize("given", PLACES, ids=lambda given: given["event_type"])
def test_a_search_in_a_session_finds_all_its_events_with_the_words(run: Run, given: dict[str, Any]) -> None:
    sent, same = ({**given, "id": str(uuid.uuid4())} for _ in range(2))
    run.record(sent, same, call(prompt="a heron flies"))
    run.api.start().record({**given, "id": str(uuid.uuid4())})
    assert in_session(run, "heron STANDS") == {sent["id"], same["id"]}
    assert in_session(run, "stork") == set()


def test_a_search_in_a_session_finds_what_stands_as_it_is_now(run: Run) -> None:
    sent = call(prompt="heron")
    run.record(sent)
    run.record(sent)
    assert in_session(run, "heron") == {sent["id"]}
    run.replace({**sent, "prompt": "stork"})
    assert (in_session(run, "heron"), in_session(run, "stork")) == (set(), {sent["id"]})


def test_a_search_in_a_session_says_that_there_is_more(run: Run) -> None:
    count = MOST_FOUND + 1
    for start in range(0, count, 1_000):
        run.record(*(event("tools", name="heron") for _ in range(min(1_000, count - start))))
    answer = run.api.get(f"{run.path}/search?q=heron")
    assert (len(set(answer["event_ids"])), answer["is_cut"]) == (MOST_FOUND, True)


@pytest.mark.parametrize("q", ["", "!?", "x" * 501])
def test_a_search_in_a_session_for_no_word_is_422(run: Run, q: str) -> None:
    answer = run.api.ask("GET", f"{run.path}/search?{urlencode({'q': q})}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")


def test_the_search_of_a_project_is_narrowed_to_a_session(run: Run) -> None:
    sent = call(prompt="heron")
    run.record(sent)
    run.api.start().record(call(prompt="heron"))
    assert len(found(run.api, "heron")) == 2
    (row,) = search(run.api, "heron", session_id=run.id)["events"]
    assert row["event_id"] == sent["id"]
    assert run.api.ask("GET", "/v2/search?q=heron&session_id=x").status == 422


def by_attributes(api: Api, *attributes: str, **given: Any) -> list[str]:
    api.get("/v2/sessions")
    query = [("attribute", each) for each in attributes]
    rows = api.get(f"/v2/search?{urlencode([*query, *given.items()])}")["events"]
    return [row["event_id"] for row in rows]


def test_attributes_that_no_field_holds_are_found_by_name_and_value(run: Run) -> None:
    shelf = call(prompt="a heron", attributes={"shop.shelf": "B = 7", "shop.floor": "2"})
    other = call(prompt="a crane", attributes={"shop.shelf": "C", "shop.floor": "2"})
    run.record(shelf, other, call(prompt="a heron"))
    api = run.api
    assert by_attributes(api, "shop.shelf=B = 7") == [shelf["id"]]
    assert set(by_attributes(api, "shop.shelf")) == {shelf["id"], other["id"]}
    assert by_attributes(api, "shop.floor=2", "shop.shelf=C") == [other["id"]]
    assert by_attributes(api, "shop.floor=2", q="heron") == [shelf["id"]]
    assert by_attributes(api, "shop.floor=") == by_attributes(api, "shop.shelf=b = 7") == []


@pytest.mark.parametrize("attribute", ["", "=x", "x" * 501, "a&" + "&".join(["attribute=a"] * 10)])
def test_an_attribute_without_a_name_or_too_many_is_422(api: Api, attribute: str) -> None:
    assert api.ask("GET", f"/v2/search?attribute={attribute}").status == 422
