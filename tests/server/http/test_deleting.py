"""Deletion and retention over HTTP: gone for every reader, off the disk, and not brought back by what comes late."""

import base64
import hashlib
import json
import os
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Server

from .api import Api, Run, bearer, call, event, make_key

pytestmark = pytest.mark.xdist_group("http-deleting")

PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(30_000)
IMAGE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
PATIENCE_S = 60


def delete(api: Api, path: str) -> Any:
    answer = api.ask("DELETE", path)
    assert answer.status == 200, answer.body
    return answer.json()


def wait_until_purged(api: Api, run: Run) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while delete(api, run.path)["purged_at"] is None:
        assert time.monotonic() < deadline, "it was never purged"
        time.sleep(0.1)


def list_files(server: Server, project_id: str, folder: str = "objects") -> list[Path]:
    return [path for path in (server.data_dir / folder / project_id).rglob("*") if path.is_file()]


def project_of(api: Api) -> str:
    return str(api.get("/auth/me")["project"]["id"])


def test_a_deleted_session_is_gone_for_every_reader(own: Api) -> None:
    run, kept = own.start(tags=["x"]), own.start(tags=["x"])
    done = call()
    run.record(done, event("tools"))
    kept.record(call())
    run.replace({**done, "name": "corrected"})
    answer = delete(own, run.path)
    assert answer["session_id"] == run.id
    assert answer["deleted_at"]
    for path in ("", "/stats", "/events", "/export", f"/events/{done['id']}", "/export?format=ndjson"):
        assert own.ask("GET", run.path + path).status == 404, path
    assert [each["session_id"] for each in own.get("/v2/sessions?tag=x")["sessions"]] == [kept.id]
    assert run.id not in own.ask("GET", "/v2/export").body.decode()
    assert kept.stats()["events"] == 1


def test_a_session_that_is_not_there_or_another_projects_is_404(own: Api, server: Server) -> None:
    run = own.start()
    other = Api(server.url, make_key(server, f"project {uuid.uuid4()}"))
    assert other.ask("DELETE", run.path).status == 404
    assert own.ask("DELETE", f"/v2/sessions/{uuid.uuid4()}").status == 404
    assert own.ask("DELETE", "/v2/sessions/nothing").status == 422
    assert own.get(run.path)["session_id"] == run.id


def test_what_comes_late_is_refused_with_a_reason_and_counted(own: Api) -> None:
    run, running = own.start(), own.start()
    done = call()
    run.record(done)
    delete(own, run.path)
    answer = run.record(done, event())
    assert (answer["accepted"], [each["reason"] for each in answer["rejected"]]) == (0, ["session_deleted"] * 2)
    assert answer["rejected"][0]["id"] == done["id"]
    for path, body in {
        "/v2/create_session": {"session": {"session_id": run.id}},
        "/v2/update_session": {"session": {"session_id": run.id, "tags": ["late"]}},
        "/v2/create_agent": {"id": str(uuid.uuid4()), "name": "late"},
    }.items():
        headers = None if path == "/v2/create_session" else bearer(run.token)
        refused = own.ask("POST", path, body, headers)
        assert (refused.status, refused.json()["code"]) == (422, "session_deleted"), path
    line = {"type": "event", "session_id": run.id, "kind": "action", **event()}
    imported = own.ask("POST", "/v2/import", json.dumps(line).encode()).json()
    assert [each["reason"] for each in imported["rejected"]] == ["session_deleted"]
    assert own.ask("GET", run.path).status == 404
    assert running.record(event())["accepted"] == 1
    assert 'reason="session_deleted"' in own.ask("GET", "/metrics").body.decode()


def test_objects_go_with_the_last_session_that_refers_to_them(own: Api, server: Server) -> None:
    first, second = own.start(), own.start()
    for run in (first, second):
        run.record(call(prompt=IMAGE))
    project = project_of(own)
    assert len(list_files(server, project)) == 1
    delete(own, first.path)
    assert len(list_files(server, project)) == 1
    assert second.export()["llms"][0]["prompt"] == IMAGE
    delete(own, second.path)
    assert list_files(server, project) == []


def test_uploads_go_whole_or_in_part(own: Api, server: Server) -> None:
    run, project = own.start(), project_of(own)
    for content, sent in ((b"video" * 100, 500), (b"other" * 100, 100)):
        name = f"{hashlib.sha256(content).hexdigest()}.mp4"
        path = f"/v2/uploads/{name}?size=500&offset=0"
        url = own.ask("PUT", path, content[:sent], bearer(run.token)).json()["url"]
        if sent == 500:
            run.update(video=url)
    assert (len(list_files(server, project)), len(list_files(server, project, "uploads"))) == (1, 1)
    delete(own, run.path)
    assert list_files(server, project) + list_files(server, project, "uploads") == []


def test_several_are_deleted_at_once(own: Api) -> None:
    runs = [own.start() for _ in range(3)]
    unknown = str(uuid.uuid4())
    answer = own.post("/v2/sessions/delete", {"session_ids": [runs[0].id, unknown, runs[2].id]})
    assert [each["session_id"] for each in answer["deleted"]] == [runs[0].id, runs[2].id]
    assert answer["not_found"] == [unknown]
    assert [each["session_id"] for each in own.get("/v2/sessions")["sessions"]] == [runs[1].id]


@pytest.mark.parametrize("body", [{}, {"session_ids": []}, {"session_ids": ["x"]}, {"session_ids": ["x"] * 1001}])
def test_a_list_that_is_none_deletes_nothing(own: Api, body: Any) -> None:
    assert own.ask("POST", "/v2/sessions/delete", body).status in {400, 422}


def test_no_file_of_the_server_has_a_word_of_it_after_the_purge(mortal_server: Server) -> None:
    api = Api(mortal_server.url, mortal_server.api_key)
    words = {name: uuid.uuid4().hex for name in ("gone", "kept")}
    runs = {name: api.start(tags=[word]) for name, word in words.items()}
    for _ in range(3):
        for name, word in words.items():
            runs[name].record(*(event(params=word, name=f"{word}{number}") for number in range(20)))
    names = {name: f"{word}7" for name, word in words.items()}
    assert _mentions(mortal_server, names["gone"]), "the test cannot find what is there"
    delete(api, runs["gone"].path)
    wait_until_purged(api, runs["gone"])
    assert _mentions(mortal_server, words["gone"]) == []
    assert runs["kept"].stats()["events"] == 60
    mortal_server.restart()
    assert api.ask("GET", runs["gone"].path).status == 404
    assert runs["gone"].record(event())["accepted"] == 0
    assert _mentions(mortal_server, words["gone"]) == []


def _mentions(server: Server, word: str) -> list[str]:
    found = subprocess.run(["grep", "-rlaF", word, str(server.data_dir)], capture_output=True, text=True, check=False)
    return found.stdout.split()


def test_a_project_is_deleted_with_its_keys_and_all_that_it_has(own: Api, server: Server) -> None:
    other = Api(server.url, make_key(server, f"project {uuid.uuid4()}"))
    run, kept = own.start(), other.start(session_id=str(uuid.uuid4()))
    run.record(call(prompt=IMAGE))
    kept.record(call(prompt=IMAGE))
    project = own.get("/auth/me")["project"]
    assert own.ask("DELETE", "/v2/project?confirm=something").status == 422
    assert own.get(run.path)["session_id"] == run.id
    assert own.ask("DELETE", f"/v2/project?confirm={project['name'].replace(' ', '%20')}").status == 200
    assert own.ask("GET", run.path).status == 401
    assert own.ask("POST", "/v2/create_events", {"events": [event()]}, bearer(run.token)).status == 401
    assert list_files(server, project["id"]) == []
    assert kept.stats()["events"] == 1
    assert kept.export()["llms"][0]["prompt"] == IMAGE


def test_retention_is_set_and_told(own: Api) -> None:
    assert own.get("/v2/retention") == {"payload_days": 0, "facts_days": 0}
    answer = own.ask("PUT", "/v2/retention", {"payload_days": 30, "facts_days": 365})
    assert answer.json() == {"payload_days": 30, "facts_days": 365}
    assert own.get("/v2/retention") == {"payload_days": 30, "facts_days": 365}
    own.ask("PUT", "/v2/retention", {"payload_days": None})
    assert own.get("/v2/retention") == {"payload_days": 0, "facts_days": 0}


@pytest.mark.parametrize("body", [{"payload_days": -1}, {"facts_days": 1_000_000}, {"facts_days": "many"}])
def test_retention_that_cannot_be_meant_is_refused(own: Api, body: Any) -> None:
    answer = own.ask("PUT", "/v2/retention", body)
    assert answer.status in {400, 422}
    assert next(iter(body)) in answer.json()["message"]
