"""A client of the HTTP API that hides nothing: status, headers and bytes of every answer."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import urllib3

from agentops_server.auth.keys import Keys
from agentops_server.auth.links import Links
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from tests.serving import Server

TIMEOUT_S = 60
NOON = "2026-11-20T12:00:00.000000+00:00"
START = "2026-11-20T11:59:00.000000+00:00"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    def json(self) -> Any:
        assert self.headers["Content-Type"] == "application/json", self.body[:200]
        return json.loads(self.body)


@dataclass
class Api:
    """Asks with one project's API key, or with whatever else a call names instead."""

    url: str
    api_key: str
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=TIMEOUT_S))

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Without `headers`, with the API key. A body that is not bytes is sent as JSON."""
        given = {"X-Agentops-Api-Key": self.api_key} if headers is None else headers
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.pool.request(method, self.url + path, body=data, headers=given, redirect=False)
        return Answer(answer.status, answer.headers, answer.data)

    def get(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()

    def post(self, path: str, body: Any, token: str | None = None) -> Any:
        """The JSON of a POST that must succeed."""
        answer = self.ask("POST", path, body, None if token is None else bearer(token))
        assert answer.status == 200, answer.body
        return answer.json()

    def start(self, **given: Any) -> "Run":
        """A new session, begun a minute before noon."""
        facts = {"session_id": str(uuid.uuid4()), "init_timestamp": START, **given}
        created = self.post("/v2/create_session", {"session": facts})
        return Run(self, facts["session_id"], created["jwt"])


@dataclass(frozen=True)
class Run:
    """A session that records through the API."""

    api: Api
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/v2/sessions/{self.id}"

    def record(self, *events: Any) -> Any:
        return self.api.post("/v2/create_events", {"events": events}, self.token)

    def replace(self, *events: Any) -> Any:
        return self.api.post("/v2/update_events", {"events": events}, self.token)

    def update(self, **given: Any) -> Any:
        return self.api.post("/v2/update_session", {"session": {"session_id": self.id, **given}}, self.token)

    def stats(self) -> Any:
        return self.api.get(f"{self.path}/stats")

    def export(self) -> Any:
        return self.api.get(f"{self.path}/export")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def event(event_type: str = "actions", **given: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "event_type": event_type, "init_timestamp": NOON, "end_timestamp": NOON, **given}


def call(**given: Any) -> dict[str, Any]:
    """An LLM call that costs 0.0075."""
    facts = {"model": "gpt-4o", "prompt": "Why?", "completion": "Because.", "prompt_tokens": 1000}
    return event("llms", **{**facts, "completion_tokens": 500, **given})


def sign_in_as_operator(server: Server, project: str = "default") -> dict[str, str]:
    """The cookie, as a header, of whoever opens a login link that was made beside the running server."""
    control = ControlStore.open(control_url(server.data_dir))
    try:
        code = Links(control).create(control.ensure_project(project).id)
    finally:
        control.close()
    answer = Api(server.url, "").ask("GET", f"/auth/link/{code}", None, {})
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def make_key(server: Server, project: str) -> str:
    """A new API key, made beside the running server."""
    control = ControlStore.open(control_url(server.data_dir))
    try:
        return Keys(control).create(project)[1]
    finally:
        control.close()
