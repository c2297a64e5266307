"""``GET /v2/live``: server-sent events of a real server."""

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import urllib3

from tests.serving import Server

from .api import Api, event

pytestmark = pytest.mark.xdist_group("http-live")


class Stream:
    """The events of a stream, one after the other."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self.last_id = ""
        self._lines = self._read(answer)

    def _read(self, answer: urllib3.BaseHTTPResponse) -> Iterator[str]:
        text = ""
        for chunk in answer.stream(1):
            text += chunk.decode()
            *lines, text = text.split("\n")
            yield from lines

    def next(self) -> tuple[str, list[str]]:
        """The name and the sessions of the next event."""
        name, data = "", ""
        for line in self._lines:
            field, _, value = line.partition(": ")
            if field == "id":
                self.last_id = value
            elif field == "event":
                name = value
            elif field == "data":
                data = value
            elif not line and name:
                return name, json.loads(data).get("session_ids", [])
        raise AssertionError("the stream ended")


@contextmanager
def following(api: Api, query: str = "", last_event_id: str = "") -> Iterator[Stream]:
    headers = {"X-Agentops-Api-Key": api.api_key} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
    with urllib3.PoolManager() as http:
        answer = http.request(
            "GET", f"{api.url}/v2/live{query}", headers=headers, preload_content=False, timeout=30, retries=False
        )
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        stream = Stream(answer)
        assert stream.next() == ("ready", [])
        yield stream
        answer.close()


def test_what_changes_is_told_and_can_be_read_at_once(own: Api) -> None:
    with following(own) as stream:
        run = own.start()
        assert stream.next() == ("changed", [run.id])
        run.record(event("tools", name="search"))
        assert stream.next() == ("changed", [run.id])
        assert own.get(f"/v2/sessions/{run.id}/stats")["tools"] == 1


def test_another_project_hears_nothing(api: Api, own: Api) -> None:
    with following(own) as stream:
        api.start()
        mine = own.start()
        assert stream.next() == ("changed", [mine.id])


def test_one_session_can_be_followed(own: Api) -> None:
    first, second = own.start(), own.start()
    with following(own, f"?session_id={second.id}") as stream:
        first.record(event("tools", name="a"))
        second.record(event("tools", name="b"))
        assert stream.next() == ("changed", [second.id])


def test_a_reader_that_comes_back_has_no_gap(own: Api) -> None:
    with following(own) as stream:
        own.start()
        stream.next()
        seen = stream.last_id
    meanwhile = own.start()
    with following(own, last_event_id=seen) as stream:
        assert stream.next() == ("changed", [meanwhile.id])
    with following(own, last_event_id="of another server.7") as stream:
        assert stream.next()[0] == "reset"


def test_strangers_and_wrong_ids_get_no_stream(own: Api, api: Api) -> None:
    session_id = own.start().id
    ask = urllib3.PoolManager().request
    assert ask("GET", f"{own.url}/v2/live", retries=False).status == 401
    key = {"X-Agentops-Api-Key": api.api_key}
    assert ask("GET", f"{own.url}/v2/live?session_id={session_id}", headers=key, retries=False).status == 404
    assert ask("GET", f"{own.url}/v2/live?session_id={uuid.uuid4()}", headers=key, retries=False).status == 404
    assert ask("GET", f"{own.url}/v2/live?session_id=x", headers=key, retries=False).status == 422


def test_the_server_stops_although_somebody_follows(mortal_server: Server) -> None:
    with following(Api(mortal_server.url, mortal_server.api_key)):
        assert mortal_server.stop() == 0
    assert not re.search("Traceback|ERROR", mortal_server.log_file.read_text())
