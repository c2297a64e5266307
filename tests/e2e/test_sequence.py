"""The numbers that each process gives its events tell whether all of them came."""

from pathlib import Path

from tests.e2e.acting import acting, agent_env, flush_spool
from tests.serving import Reader, Server


def test_each_process_numbers_its_events_of_a_session_from_one(server: Server, reader: Reader, tmp_path: Path) -> None:
    env = agent_env(server.url, server.api_key, tmp_path)
    with acting(env) as parent, acting(env) as child:
        session_id = parent.do("init")["session_id"]
        child.do("init", inherited_session_id=session_id)
        parent.record(3)
        child.record(2)
        parent.kill9()
        child.kill9()
    flush_spool(env)
    stats = reader.stats(session_id)
    counts = sorted((each["recorded"], each["received"], each["missing"]) for each in stats["participants"])
    assert counts == [(2, 2, 0), (3, 3, 0)]
    assert (stats["events"], stats["missing_events"]) == (5, 0)
