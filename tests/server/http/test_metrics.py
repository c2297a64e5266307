"""What Prometheus gets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serving import Server

from .api import Api, bearer, call, event

SECRET = "sk-" + "aB3" * 10


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that redacts API keys, and that nobody else uses."""
    server = Server(Path(tmp_path_factory.mktemp("server")), env={"AGENTOPS_REDACT": "api_keys"})
    server.start()
    yield server
    server.stop()


def read(api: Api) -> dict[tuple[str, str], float]:
    """The samples by name and labels."""
    answer = api.ask("GET", "/metrics", None, {})
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    return {
        (
            sample.name,
            ",".join(sample.labels[name] for name in ("step", "reason", "pattern") if name in sample.labels),
        ): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def test_events_and_drops_are_counted_by_step_and_reason(api: Api) -> None:
    before = read(api)
    run = api.start()
    run.record(call(prompt=f"use {SECRET}"), event(id="nope"), event(event_type=""), event(id="neither"))
    run.stats()  # what was acknowledged is loaded
    after = read(api)

    def grew(name: str, labels: str = "") -> float:
        return after[name, labels] - before.get((name, labels), 0)

    for step in ("admit", "normalise", "redact", "price", "write"):
        assert grew("agentops_events_total", step) == 1
    assert grew("agentops_dropped_events_total", "admit,invalid_id") == 2
    assert grew("agentops_dropped_events_total", "admit,invalid_type") == 1
    assert grew("agentops_redactions_total", "api_keys") == 1
    assert grew("agentops_acknowledged_events_total") == 1
    assert grew("agentops_body_bytes_total") > 500
    assert grew("agentops_ack_seconds_count") == 2
    assert grew("agentops_journal_append_seconds_count") == 2
    assert grew("agentops_load_bytes_count") >= 1
    assert after["agentops_journal_waiting_bytes", ""] == after["agentops_warehouse_stalled", ""] == 0


def test_what_is_redacted_is_stored_nowhere(api: Api, server: Server) -> None:
    run = api.start()
    run.record(call(prompt=f"use {SECRET}"))
    assert run.export()["llms"][0]["prompt"] == "use [redacted: api_keys]"
    files = [file for file in server.data_dir.rglob("*") if file.is_file()]
    assert len(files) > 10
    assert [file for file in files if SECRET.encode() in file.read_bytes()] == []


def test_every_reason_to_drop_and_all_that_is_asked_to_wait_is_there_before_it_happens(api: Api) -> None:
    names = {name for name, _ in read(api)}
    assert names >= {
        "agentops_in_flight_bytes",
        "agentops_journal_waiting_bytes",
        "agentops_unsummed_sessions",
        "agentops_warehouse_stalled",
        "agentops_load_seconds_count",
        "agentops_refused_records_total",
    }


def test_no_label_tells_of_projects_sessions_or_credentials(api: Api, server: Server) -> None:
    run = api.start(tags=["a-tag-of-mine"], name="a name of mine")
    run.record(event(name="an-event-of-mine"))
    api.ask("POST", "/v2/create_events", b"{}", bearer("not.a.token"))
    text = api.ask("GET", "/metrics", None, {}).body.decode()
    for word in (run.id, run.token, server.api_key, "default", "of-mine", "of mine", "not.a.token"):
        assert word not in text
