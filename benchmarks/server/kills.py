"""What is lost or doubled when the server is killed under load: nothing, or this fails."""

import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.killing import CLIENTS, Client, compare, kill_under_load
from tests.serving import Reader, Server

ROUNDS = 30
NOTES = f"""`kill -9` at a moment that chance chooses, and a new start, {ROUNDS} times, while {CLIENTS} clients send
events, send some of them again, and correct some. What was not acknowledged is sent again. Then the export, the figures
and the list of sessions are compared with what was acknowledged, and once more after a last kill."""


def measure(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """One row a figure; any difference ends it."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            clients = kill_under_load(server, rounds)
            _compare_all(server, clients)
            server.kill9()
            server.start()
            _compare_all(server, clients)
        finally:
            server.stop()
    return [
        {"figure": "kills", "value": f"{rounds}"},
        {"figure": "events acknowledged", "value": f"{sum(len(client.acknowledged) for client in clients):,}"},
        {"figure": "of them corrected", "value": f"{sum(len(client.corrected) for client in clients):,}"},
        {"figure": "deliveries of what was acknowledged already", "value": f"{sum(c.duplicates for c in clients):,}"},
        {"figure": "requests that a kill cut off or kept out", "value": f"{sum(client.cut for client in clients):,}"},
        {"figure": "acknowledged and not stored", "value": "0"},
        {"figure": "stored twice, or not acknowledged", "value": "0"},
        {"figure": "sums that differ from the events", "value": "0"},
    ]


def measure_quickly() -> list[dict[str, Any]]:
    return measure(rounds=2)


def _compare_all(server: Server, clients: list[Client]) -> None:
    reader = Reader(server.url, server.api_key)
    for client in clients:
        compare(reader, client)
