"""Clients that send through kills of their server, and the comparison of what they were told with what it has."""

import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from tests.serving import Reader, Server

COST_OF_ONE = Decimal("0.0075")
CLIENTS = 3
TIME = "2026-11-20T12:00:00.000000+00:00"


@dataclass
class Client:
    """One session's sender. What was acknowledged is sent again only where that is the point."""

    server: Server
    seed: int
    session_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    participant_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    acknowledged: set[str] = field(default_factory=set)
    corrected: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)
    duplicates: int = 0
    cut: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._http = urllib3.PoolManager(retries=False, timeout=60)
        self._token = ""
        self._updates = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)  # no server, no end of it

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends once everything that it sent is acknowledged."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._say_of_the_session()
            ids = [str(uuid.uuid4()) for _ in range(self._random.randint(1, 30))]
            again = self._random.sample(sorted(self.acknowledged), min(len(self.acknowledged), 3))
            self._deliver("create_events", {"events": [llm_call(each) for each in ids + again]})
            self.acknowledged.update(ids)
            self.duplicates += len(again)
            correct = self._random.choice(ids)
            self._deliver("update_events", {"events": [llm_call(correct, corrected=True)]})
            self.corrected.add(correct)

    def _say_of_the_session(self) -> None:
        """The tags change each time; they are those of one participant, so that the last ones stand."""
        self._updates += 1
        tags = [*self.tags, f"tag-{self._updates}"][-20:]
        session = {"session_id": self.session_id, "participant_id": self.participant_id}
        self._deliver("create_session", {"session": {**session, "init_timestamp": TIME}})
        self._deliver("update_session", {"session": {**session, "tags": tags}})
        self.tags = tags

    def _deliver(self, route: str, body: dict[str, Any]) -> None:
        """Sends until it is acknowledged: the same again after a kill, whether it had got through or not."""
        data = json.dumps(body).encode()
        while not self._try(route, data):
            time.sleep(0.02)

    def _try(self, route: str, data: bytes) -> bool:
        credential = {"Authorization": f"Bearer {self._token}"}
        if route == "create_session":
            credential = {"X-Agentops-Api-Key": self.server.api_key}
        try:
            answer = self._http.request("POST", f"{self.server.url}/v2/{route}", body=data, headers=credential)
        except HTTPError:
            self.cut += 1
            return False
        assert answer.status == 200, (route, answer.status, answer.data)
        if route == "create_session":
            self._token = answer.json()["jwt"]
        return True


def llm_call(event_id: str, *, corrected: bool = False) -> dict[str, Any]:
    return {
        "id": event_id,
        "event_type": "llms",
        "init_timestamp": TIME,
        "end_timestamp": TIME,
        "model": "gpt-4o",
        "prompt": "corrected" if corrected else "first",
        "prompt_tokens": 1000,
        "completion_tokens": 500,
    }


def kill_under_load(server: Server, rounds: int, seed: int = 7) -> list[Client]:
    """Kills the server so often while clients send, each time after a moment that chance chooses; it ends running."""
    chance = random.Random(seed)
    clients = [Client(server, seed + number) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for _ in range(rounds):
        time.sleep(chance.uniform(0.02, 0.8))
        server.kill9()
        server.start()
    for client in clients:
        client.stop()
    return clients


def compare(reader: Reader, client: Client) -> None:
    """Acknowledged, stored and summed up are the same, to the last event."""
    export, stats = reader.export(client.session_id), reader.stats(client.session_id)
    rows, count = export["llms"], len(client.acknowledged)
    assert sorted(row["id"] for row in rows) == sorted(client.acknowledged)
    assert {row["id"] for row in rows if row["prompt"] == "corrected"} == client.corrected
    assert (stats["events"], stats["llms"]) == (count, count)
    assert (stats["prompt_tokens"], stats["completion_tokens"]) == (1000 * count, 500 * count)
    assert Decimal(stats["cost"]) == COST_OF_ONE * count
    assert export["stats"] == stats
    session = reader.session(client.session_id)
    assert (session["tags"], session["init_timestamp"]) == (client.tags, TIME)
    (listed,) = [row for row in reader.pages("/v2/sessions", "sessions") if row["session_id"] == client.session_id]
    assert {key: listed["stats"][key] for key in ("events", "llms", "cost", "prompt_tokens")} == {
        key: stats[key] for key in ("events", "llms", "cost", "prompt_tokens")
    }
