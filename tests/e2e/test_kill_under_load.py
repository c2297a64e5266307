"""kill -9 again and again while three clients send, twice what was sent already, and correct it.

AGENTOPS_TEST_KILLS says how often; `python -m benchmarks server.kills` does it thirty times and writes what came of it.
"""

import os

from tests.e2e.killing import CLIENTS, compare, kill_under_load
from tests.serving import Reader, Server

KILLS = int(os.environ.get("AGENTOPS_TEST_KILLS", "6"))


def test_what_was_acknowledged_through_kills_is_stored_and_summed_up_exactly(mortal_server: Server) -> None:
    clients = kill_under_load(mortal_server, KILLS)
    reader = Reader(mortal_server.url, mortal_server.api_key)
    assert len(clients) == CLIENTS
    for client in clients:
        assert len(client.acknowledged) > 10
        assert client.duplicates > 0
        compare(reader, client)
    assert sum(client.cut for client in clients) > 0
    mortal_server.kill9()
    mortal_server.start()
    for client in clients:
        compare(reader, client)
