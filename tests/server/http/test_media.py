import hashlib
import os
import uuid
from typing import Any

import pytest
import urllib3

from tests.serving import Server


class Uploader:
    """A session of the server with its token, and what uploads to it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.session_id = str(uuid.uuid4())
        self.key = {"X-Agentops-Api-Key": server.api_key}
        body = {"session": {"session_id": self.session_id}}
        answer = urllib3.request("POST", f"{server.url}/v2/create_session", json=body, headers=self.key)
        self.token = {"Authorization": f"Bearer {answer.json()['jwt']}"}

    def put(self, name: str, size: int, offset: int, data: bytes) -> tuple[int, Any]:
        url = f"{self.server.url}/v2/uploads/{name}?size={size}&offset={offset}"
        answer = urllib3.request("PUT", url, body=data, headers=self.token)
        return answer.status, answer.json()

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request("GET", self.server.url + path, headers={**self.key, **headers})


@pytest.fixture
def uploader(server: Server) -> Uploader:
    return Uploader(server)


def _content(size: int) -> tuple[bytes, str]:
    content = os.urandom(size)
    return content, f"{hashlib.sha256(content).hexdigest()}.webm"


def test_a_video_is_playable_after_an_upload_in_parts(uploader: Uploader) -> None:
    content, name = _content(300_000)
    half = len(content) // 2
    status, first = uploader.put(name, len(content), 0, content[:half])
    assert (status, first["offset"], first["complete"]) == (200, half, False)
    status, last = uploader.put(name, len(content), half, content[half:])
    assert (status, last["complete"]) == (200, True)
    whole = uploader.get(last["url"])
    assert (whole.status, whole.headers["Content-Type"], whole.data) == (200, "video/webm", content)
    part = uploader.get(last["url"], Range="bytes=1000-1999")
    assert (part.status, part.data) == (206, content[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(content)}"
    end = uploader.get(last["url"], Range="bytes=-5")
    assert (end.status, end.data) == (206, content[-5:])


def test_an_upload_says_where_to_go_on(uploader: Uploader) -> None:
    content, name = _content(1000)
    uploader.put(name, 1000, 0, content[:400])
    url = f"{uploader.server.url}/v2/uploads/{name}?size=1000"
    assert urllib3.request("GET", url, headers=uploader.token).json()["offset"] == 400
    status, body = uploader.put(name, 1000, 0, content)
    assert status == 409
    assert "offset 400" in body["message"]


def test_an_object_is_not_there_for_another_session_id(uploader: Uploader) -> None:
    content, name = _content(1000)
    uploader.put(name, 1000, 0, content)
    assert uploader.get(f"/v2/sessions/{uuid.uuid4()}/objects/{name}").status == 404
    assert uploader.get(f"/v2/sessions/nothing/objects/{name}").status == 422


@pytest.mark.parametrize("name", ["x.mp4", "a" * 64 + ".html"])
def test_a_name_that_is_none_is_refused(uploader: Uploader, name: str) -> None:
    status, body = uploader.put(name, 10, 0, b"x")
    assert status == 422
    assert "SHA-256" in body["message"]


def test_an_upload_needs_a_token(uploader: Uploader) -> None:
    url = f"{uploader.server.url}/v2/uploads/{'a' * 64}.mp4?size=1&offset=0"
    assert urllib3.request("PUT", url, body=b"x", headers=uploader.key).status == 401


def test_an_object_is_there_for_its_project_with_ranges(uploader: Uploader) -> None:
    content, name = _content(1000)
    uploader.put(name, 1000, 0, content)
    whole = uploader.get(f"/v2/objects/{name}")
    assert (whole.status, whole.data) == (200, content)
    part = uploader.get(f"/v2/objects/{name}", Range="bytes=10-19")
    assert (part.status, part.data) == (206, content[10:20])
    assert uploader.get(f"/v2/objects/{'0' * 64}.webm").status == 404
