"""Exports in every form, whole and page by page, and their way back in."""

import base64
import csv
import io
import json
import os
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.server.storage.warehouse.running import run_with_warehouse
from tests.serving import Server

from .api import NOON, START, Answer, Api, Run, call, event, make_key

PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(30_000)
IMAGE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
LARGE = "many words " * 40_000


@pytest.fixture
def other(server: Server) -> Api:
    """Another project to import into."""
    return Api(server.url, make_key(server, f"project {uuid.uuid4()}"))


def full(api: Api, **given: Any) -> Run:
    """A session with an event of each kind, two participants, agents, large payloads and an end."""
    env = {"OS": {"OS": "Linux"}, "Project Working Directory": {"Project Working Directory": "/srv/triage"}}
    run = api.start(tags=["b", "a"], host_env=env, participant_id=str(uuid.uuid4()), **given)
    agent = str(uuid.uuid4())
    for name in ("Researcher", "Writer"):
        api.post("/v2/create_agent", {"id": agent if name == "Writer" else str(uuid.uuid4()), "name": name}, run.token)
    asked = call(prompt=[{"role": "user", "content": IMAGE}], completion={"role": "assistant", "content": "Because."})
    run.record(
        {**asked, "agent_id": agent, "sequence": 1},
        call(model="no-such-model", params={"temperature": 0.1, "big": LARGE}, sequence=2),
        call(cost="0.25", model="gpt-4o-mini", sequence=3),
        event("tools", name="search", params={"q": "é\u2028"}, returns=[1, 2.50, None], logs="done"),
        event("actions", action_type="click", screenshot=IMAGE, parent_id=asked["id"]),
        event("workflow", name="triage", params="text"),
        event("errors", error_type="ValueError", code="7", details={"a": "b"}, trigger_event_id=asked["id"]),
    )
    second = api.post(
        "/v2/create_session",
        {"session": {"session_id": run.id, "participant_id": str(uuid.uuid4()), "tags": ["c"], "init_timestamp": NOON}},
    )
    update = {"session_id": run.id, "end_timestamp": NOON, "end_state": "Fail", "end_state_reason": "no luck"}
    api.post("/v2/update_session", {"session": update}, second["jwt"])
    return run


def lines_of(answer: Answer) -> list[Any]:
    assert answer.status == 200, answer.body
    return [json.loads(line) for line in answer.body.splitlines()]


def without_project(exported: Any) -> Any:
    """An export apart from whose it is."""
    text = json.dumps(exported, sort_keys=True)
    return json.loads(text.replace(exported["session"]["project_id"], "the project"))


def import_lines(api: Api, body: bytes, **headers: str) -> Any:
    answer = api.ask("POST", "/v2/import", body, {"X-Agentops-Api-Key": api.api_key, **headers})
    assert answer.status == 200, answer.body
    return answer.json()


def test_large_payloads_are_whole_in_the_export_and_in_a_single_event(own: Api) -> None:
    run = full(own)
    exported = run.export()
    image, large, _ = exported["llms"]
    assert image["prompt"] == [{"role": "user", "content": IMAGE}]
    assert large["params"]["big"] == LARGE
    (click,) = (action for action in exported["actions"] if action["action_type"] == "click")
    assert click["screenshot"] == IMAGE
    one = own.get(f"{run.path}/events/{large['id']}")
    assert one["params"] == large["params"]


def test_a_session_comes_back_from_its_json_in_another_project(own: Api, other: Api) -> None:
    run = full(own)
    exported = run.export()
    assert import_lines(other, json.dumps(exported).encode()) == {
        "status": "Success",
        "sessions": 1,
        "agents": 2,
        "events": 7,
        "rejected_count": 0,
        "rejected": [],
    }
    assert without_project(other.get(f"{run.path}/export")) == without_project(exported)


def test_a_project_comes_back_from_its_lines_in_another_project(own: Api, other: Api) -> None:
    runs = [full(own), own.start(tags=["empty"]), full(own, init_timestamp="2026-11-20T11:00:00.123456789Z")]
    answer = own.ask("GET", "/v2/export")
    result = import_lines(other, answer.body)
    assert (result["sessions"], result["agents"], result["events"], result["rejected"]) == (3, 4, 14, [])
    for run in runs:
        assert without_project(other.get(f"{run.path}/export")) == without_project(run.export())
    again = other.ask("GET", "/v2/export")
    assert [_comparable(line) for line in lines_of(again)] == [_comparable(line) for line in lines_of(answer)]


def _comparable(line: Any) -> Any:
    return {key: value for key, value in line.items() if key != "project_id"}


def test_an_import_that_is_repeated_changes_nothing(own: Api, other: Api) -> None:
    run = full(own)
    body = own.ask("GET", "/v2/export").body
    import_lines(other, body)
    before = other.get(f"{run.path}/export")
    import_lines(other, body)
    import_lines(other, json.dumps(run.export()).encode())
    after = other.get(f"{run.path}/export")
    assert after["stats"] == before["stats"]
    assert {**after, "session": None} == {**before, "session": None}


def test_costs_are_kept_and_not_priced_again(own: Api, other: Api) -> None:
    given = {"type": "event", "session_id": str(uuid.uuid4()), "kind": "llm", "price_version": "of another server"}
    line = {**given, **call(model="gpt-4o"), "cost": "123.45", "computed_cost": "123.45"}
    session = {"type": "session", "id": given["session_id"], "init_timestamp": START}
    import_lines(other, b"\n".join(json.dumps(each).encode() for each in (session, line)))
    (exported,) = other.get(f"/v2/sessions/{given['session_id']}/export")["llms"]
    assert (exported["cost"], exported["reported_cost"]) == ("123.45", None)
    assert exported["price_version"] == "of another server"


def test_lines_come_session_by_session_in_the_order_of_their_starts(own: Api) -> None:
    late, early = own.start(init_timestamp="2026-11-20T12:00:00Z"), own.start(init_timestamp="2026-11-20T10:00:00Z")
    late.record(event(), event())
    early.record(event())
    lines = lines_of(own.ask("GET", "/v2/export"))
    assert [line["type"] for line in lines] == [
        "export", "session", "event", "cursor", "session", "event", "event", "cursor",
    ]  # fmt: skip
    assert [line["id"] for line in lines if line["type"] == "session"] == [early.id, late.id]
    assert lines[1]["stats"]["events"] == 1


def test_an_export_goes_on_from_any_cursor_line_and_page(own: Api) -> None:
    ids = [own.start(init_timestamp=f"2026-11-20T10:00:0{second}Z").id for second in (0, 1, 1, 2, 3)]
    lines = lines_of(own.ask("GET", "/v2/export"))
    order = [line["id"] for line in lines if line["type"] == "session"]
    assert sorted(order) == sorted(ids)
    cursor = [line["cursor"] for line in lines if line["type"] == "cursor"][1]
    rest = lines_of(own.ask("GET", f"/v2/export?cursor={cursor}"))
    assert [line["id"] for line in rest if line["type"] == "session"] == order[2:]
    seen: list[str] = []
    path = "/v2/export?limit=2"
    while path:
        answer = own.ask("GET", path)
        seen += [line["id"] for line in lines_of(answer) if line["type"] == "session"]
        following = answer.headers.get("X-Agentops-Next-Cursor")
        path = f"/v2/export?limit=2&cursor={following}" if following else ""
    assert seen == order


def test_a_range_of_time_is_that_of_the_starts(own: Api) -> None:
    early, late = own.start(init_timestamp="2026-11-19T12:00:00Z"), own.start(init_timestamp="2026-11-20T12:00:00Z")
    path = "/v2/export?since={}&until={}"
    first = lines_of(own.ask("GET", path.format("2026-11-19T12:00:00Z", "2026-11-20T12:00:00Z")))
    assert [line["id"] for line in first if line["type"] == "session"] == [early.id]
    second = lines_of(own.ask("GET", path.format("2026-11-19T12:00:01Z", "2026-11-21")[:-17]))
    assert [line["id"] for line in second if line["type"] == "session"] == [late.id]


def test_csv_has_a_row_for_every_event_of_the_session(own: Api) -> None:
    run = full(own)
    own.start().record(event())
    answer = own.ask("GET", f"{run.path}/export?format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert len(rows) == 7
    priced = {row["model"]: row["cost"] for row in rows if row["kind"] == "llm"}
    assert float(priced["gpt-4o"]) == 0.0075
    assert (float(priced["gpt-4o-mini"]), priced["no-such-model"]) == (0.25, "\\N")
    assert {row["init_timestamp"] for row in rows} == {"2026-11-20 12:00:00.000000000"}
    (tool,) = (row for row in rows if row["kind"] == "tool")
    assert json.loads(tool["params"]) == {"q": "é\u2028"}


def test_csv_of_sessions_has_their_figures(own: Api) -> None:
    run, empty = full(own), own.start()
    rows = list(csv.DictReader(io.StringIO(own.ask("GET", "/v2/export?format=csv&table=sessions").body.decode())))
    by_id = {row["id"]: row for row in rows}
    assert set(by_id) == {run.id, empty.id}
    stats = run.stats()
    for key in ("events", "llms", "tools", "actions", "errors", "prompt_tokens", "completion_tokens"):
        assert int(by_id[run.id][key]) == stats[key], key
    assert float(by_id[run.id]["cost"]) == float(stats["cost"])
    assert by_id[run.id]["cost_is_lower_bound"] in {"true", "1"}
    assert (by_id[empty.id]["events"], by_id[empty.id]["end_timestamp"]) == ("0", "\\N")
    assert by_id[empty.id]["cost_is_lower_bound"] in {"false", "0"}


@pytest.mark.parametrize("numbers", [(1, 2, 3), (1, 3)])
def test_csv_of_sessions_says_that_the_cost_of_missing_events_is_not_in_it(own: Api, numbers: tuple[int, ...]) -> None:
    run, participant = own.start(), str(uuid.uuid4())
    run.record(*(event(sequence=number, participant_id=participant) for number in numbers))
    (row,) = csv.DictReader(io.StringIO(own.ask("GET", "/v2/export?format=csv&table=sessions").body.decode()))
    assert (row["cost_is_lower_bound"] in {"true", "1"}) == (len(numbers) < 3)
    run.update(refused_events=1)
    (row,) = csv.DictReader(io.StringIO(own.ask("GET", "/v2/export?format=csv&table=sessions").body.decode()))
    assert row["cost_is_lower_bound"] in {"true", "1"}


@pytest.mark.parametrize("table", ["events", "sessions"])
def test_parquet_is_one_file(own: Api, tmp_path: Path, table: str) -> None:
    for _ in range(3):
        own.start().record(event(), call())
    answer = own.ask("GET", f"/v2/export?format=parquet&table={table}")
    assert answer.status == 200
    assert answer.body[:4] == answer.body[-4:] == b"PAR1"
    assert answer.body.count(b"PAR1") == 2


READ_PARQUET = """
for table in ("events", "sessions"):
    sql = "SELECT * FROM file({path:String}, 'Parquet') ORDER BY 1, 2"
    rows = warehouse.query(sql, {"path": f"{sys.argv[1]}/{table}.parquet"})
    Path(f"{sys.argv[1]}/{table}.lines").write_bytes(rows)
warehouse.close()
"""


def test_parquet_has_every_event_and_session_with_its_figures(own: Api, tmp_path: Path) -> None:
    run, empty = full(own), own.start()
    for table in ("events", "sessions"):
        answer = own.ask("GET", f"/v2/export?format=parquet&table={table}")
        (tmp_path / f"{table}.parquet").write_bytes(answer.body)
    done = run_with_warehouse(tmp_path, READ_PARQUET)
    assert done.returncode == 0, done.stderr
    events, sessions = (
        [json.loads(line) for line in (tmp_path / f"{table}.lines").read_text().splitlines()]
        for table in ("events", "sessions")
    )
    exported = run.export()
    by_id = {each["id"]: each for name in ("llms", "tools", "actions", "errors") for each in exported[name]}
    assert {row["id"] for row in events} == by_id.keys()
    for row in events:
        told = by_id[row["id"]]
        assert [row[key] for key in ("kind", "name", "sequence")] == [told[key] for key in ("kind", "name", "sequence")]
        assert row["prompt_tokens"] == told.get("prompt_tokens")
        assert (None if row["cost"] is None else Decimal(row["cost"])) == (
            None if told.get("cost") is None else Decimal(told["cost"])
        )
    figures = {row["id"]: (row["events"], Decimal(row["cost"])) for row in sessions}
    assert figures == {run.id: (7, Decimal(exported["stats"]["cost"])), empty.id: (0, 0)}


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("format=xml", "format must be one of ndjson"),
        ("format=json", "format must be one of ndjson"),
        ("since=yesterday", "since"),
        ("table=secrets&format=csv", "table must be one of events"),
        ("cursor=nonsense", "cursor"),
        ("limit=0", "limit"),
    ],
)
def test_what_an_export_cannot_do_is_said(own: Api, query: str, word: str) -> None:
    answer = own.ask("GET", f"/v2/export?{query}")
    assert answer.status == 422
    assert word in answer.json()["message"]


def test_bad_lines_are_named_and_keep_no_other_out(own: Api) -> None:
    session_id = str(uuid.uuid4())
    good = {"type": "event", "session_id": session_id, "kind": "action", **event()}
    lines = [
        {"type": "session", "id": session_id, "init_timestamp": START},
        {**good, "id": "seven"},
        good,
        {**good, "id": str(uuid.uuid4()), "init_timestamp": "yesterday"},
        {"type": "novel"},
        {"type": "session", "id": str(uuid.uuid4()), "end_timestamp": NOON, "end_state": "Splendid"},
        {"type": "export", "version": 99},
    ]
    result = import_lines(own, b"\n".join(json.dumps(line).encode() for line in lines) + b"\n\n{nonsense\n")
    assert (result["sessions"], result["events"], result["rejected_count"]) == (1, 1, 6)
    assert [(each["line"], each["reason"]) for each in result["rejected"]] == [
        (2, "invalid_id"),
        (4, "invalid_time"),
        (5, "malformed"),
        (6, "malformed"),
        (7, "malformed"),
        (9, "malformed"),
    ]
    assert "version 99" in result["rejected"][4]["message"]
    assert own.get(f"/v2/sessions/{session_id}/stats")["events"] == 1


def test_an_export_of_agentops_itself_comes_in(own: Api) -> None:
    """Rows as the hosted service exports them: JSON inside text, costs as numbers, errors with numbers for ids."""
    ids = [str(uuid.uuid4()) for _ in range(5)]
    row = {"session_id": ids[0], "agent_id": ids[4], "init_timestamp": NOON, "end_timestamp": NOON}
    document = {
        "session": {
            "id": ids[0], "project_id": str(uuid.uuid4()), "project_id_secondary": None, "init_timestamp": START,
            "end_timestamp": NOON, "tags": '["x", "y"]', "end_state": "Fail", "end_state_reason": None, "video": None,
            "host_env": {"OS": {"OS": "Linux"}},
        },
        "stats": {"session_id": ids[0], "events": 4, "cost": 0.125, "prompt_tokens": 10, "completion_tokens": 5},
        "actions": [{**row, "id": ids[1], "action_type": "click", "logs": None, "screenshot": None,
                     "params": '{"a": 1}', "returns": "null"}],
        "llms": [{**row, "id": ids[2], "thread_id": None, "prompt": [{"role": "user", "content": "Why?"}],
                  "completion": {"role": "assistant", "content": "Because."}, "model": "gpt-4o", "prompt_tokens": 10,
                  "completion_tokens": 5, "cost": 0.125, "promptarmor_flag": None, "params": "{}", "returns": None}],
        "tools": [{**row, "id": ids[3], "name": "search", "logs": "done", "params": "not json", "returns": '"text"'}],
        "errors": [{"id": 17, "session_id": ids[0], "trigger_event_id": ids[3], "trigger_event_type": "tools",
                    "error_type": "ValueError", "code": None, "details": "bad", "logs": None, "timestamp": NOON}],
        "agents": [{"id": ids[4], "session_id": ids[0], "name": "Default Agent", "logs": None}],
    }  # fmt: skip
    for _ in range(2):
        assert import_lines(own, json.dumps(document).encode())["rejected"] == []
    exported = own.get(f"/v2/sessions/{ids[0]}/export")
    session, stats = exported["session"], exported["stats"]
    assert (session["tags"], session["end_state"], session["host_env"]) == (
        ["x", "y"], "Failure", {"OS": {"OS": "Linux"}},
    )  # fmt: skip
    assert (stats["events"], stats["cost"], stats["prompt_tokens"], stats["errors"]) == (4, "0.125", 10, 1)
    assert exported["actions"][0]["params"] == {"a": 1}
    assert exported["actions"][0]["returns"] is None
    assert exported["llms"][0]["reported_cost"] == "0.125"
    assert (exported["tools"][0]["params"], exported["tools"][0]["returns"]) == ("not json", "text")
    assert (exported["errors"][0]["details"], exported["errors"][0]["init_timestamp"]) == ("bad", NOON)
    assert exported["agents"][0]["name"] == "Default Agent"


def test_an_import_may_be_compressed(own: Api, other: Api) -> None:
    import gzip

    full(own)
    body = gzip.compress(own.ask("GET", "/v2/export").body)
    assert import_lines(other, body, **{"Content-Encoding": "gzip"})["events"] == 7
