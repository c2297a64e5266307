"""What SDK 0.3 offers beside the main road, under its names."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

import agentops
from agentops import ActionEvent, Client, Session
from agentops import _log as log
from agentops._program import find_program_name

from . import program
from .recording_server import RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]


def names(server: RecordingServer) -> list[object]:
    return [session.get("name") for session in server.sessions.values()]


def params(server: RecordingServer, session: Session) -> list[object]:
    return [event["params"] for event in server.events[str(session.session_id)].values()]


def test_patch_gives_a_decorated_function_its_session(start: Start, server: RecordingServer) -> None:
    @agentops.record_action("act")
    def act(number: int) -> int:
        """Acts."""
        return number

    first, second = start(), agentops.start_session()
    assert second is not None
    patched = second.patch(act)
    assert patched(3) == 3
    assert patched.__doc__ == "Acts."
    assert act(4, session=first) == 4  # type: ignore[call-arg]
    assert agentops.flush(10)
    assert params(server, second) == [{"number": 3}]
    assert params(server, first) == [{"number": 4}]


def test_the_client_knows_its_sessions(start: Start) -> None:
    client = Client()
    assert (client.session_count, client.has_sessions, client.is_multi_session) == (0, False, False)
    first, second = start(), agentops.start_session()
    assert second is not None
    assert client.current_session_ids == [str(first.session_id), str(second.session_id)]
    assert (client.session_count, client.has_sessions, client.is_multi_session) == (2, True, True)
    assert client.get_session(str(first.session_id)) is client.get_session(first.session_id) is first
    assert client.get_session(uuid4()) is None
    assert client.get_session("nonsense") is None


def test_the_client_has_the_modules_methods(start: Start, server: RecordingServer, warnings: Warnings) -> None:
    first, client = start(), agentops.Client()
    client.record(ActionEvent(params="of the client"))
    client.add_tags(["a"])
    client.set_tags(["b"])
    assert client.create_agent("Writer")
    second = agentops.start_session()
    assert second is not None
    assert client.end_session("Success") == "0.00"  # which one?
    assert any("2 sessions are open" in warning for warning in warnings())
    with second:
        client.end_session("Failure", "of the client")
    client.end_all_sessions()
    assert [server.merged(session.session_id)["end_state"] for session in (first, second)] == [
        "Indeterminate",
        "Failure",
    ]
    assert server.merged(first.session_id)["tags"] == ["b"]
    assert [agent["name"] for agent in server.agents[str(first.session_id)]] == ["Writer"]
    assert len(server.events[str(first.session_id)]) == 1


def test_default_tags_are_those_of_later_sessions(start: Start) -> None:
    client = Client()
    earlier = start(default_tags=["a"])
    client.add_default_tags(["b", "a"])
    client.add_default_tags("c")
    assert client.get_default_tags() == ["a", "b", "c"]
    later = agentops.start_session(["d"])
    assert later is not None
    assert (earlier.tags, later.tags) == (["a"], ["a", "b", "c", "d"])


def test_a_warning_from_before_init_is_logged_by_init(start: Start, warnings: Warnings) -> None:
    Client().add_pre_init_warning("mind the gap")
    assert warnings() == []
    start().end_session("Success")
    start()
    assert sum("mind the gap" in warning for warning in warnings()) == 1


def test_stop_instrumenting_is_harmless(start: Start) -> None:
    agentops.stop_instrumenting()
    session = start()
    agentops.stop_instrumenting()
    assert session.is_running


def test_record_function_is_an_older_name(start: Start, server: RecordingServer) -> None:
    @agentops.record_function("walk")
    def walk() -> None: ...

    session = start()
    walk()
    assert session.flush()
    (event,) = server.events[str(session.session_id)].values()
    assert (event["event_type"], event["action_type"]) == ("actions", "walk")


def test_the_session_has_the_name_of_the_script(server: RecordingServer, spool_dir: Path, tmp_path: Path) -> None:
    source = "import agentops\nagentops.init()\nagentops.end_session('Success')\n"
    (tmp_path / "pack" / "inner").mkdir(parents=True)
    for path in ("refund_triage.py", "pack/__init__.py", "pack/__main__.py", "pack/inner/__init__.py", "pack/mod.py"):
        (tmp_path / path).write_text("" if path.endswith("__init__.py") else source)
    env = program.environment(server, spool_dir, PYTHONPATH=str(tmp_path))
    for arguments in (["refund_triage.py"], ["-m", "pack.mod"], ["-m", "pack"], ["pack"], ["-c", source]):
        subprocess.run([sys.executable, *arguments], env=env, cwd=tmp_path, check=True, timeout=60)
    assert names(server) == ["refund_triage", "pack.mod", "pack", "pack", None]


@pytest.mark.parametrize("script", ["", "-", "-c", "/opt/lib/ipykernel_launcher.py", "/usr/bin/ipython"])
def test_a_prompt_and_a_notebook_have_no_name(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    monkeypatch.setattr(sys, "argv", [script])
    assert find_program_name() is None


def test_names_that_are_given(start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTOPS_TRACE_NAME", "from the variable")
    start().end_session("Success")
    start(name="only this one").end_session("Success")
    start(session_name="from init").end_session("Success")
    for name in (None, "own"):
        session = agentops.start_session(name=name)
        assert session is not None
        assert session.name == (name or "from init")
        session.end_session("Success")
    assert names(server) == ["from the variable", "only this one", "from init", "from init", "own"]


def test_who_joins_a_session_does_not_rename_it(
    start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentops._client.find_program_name", lambda: "worker")
    assert start(inherited_session_id=uuid4()).flush()
    assert names(server) == [None]


def test_the_log_can_be_shown_and_kept(server: RecordingServer, spool_dir: Path, tmp_path: Path) -> None:
    source = (
        "agentops.init(); agentops.end_session('Nonsense'); import logging; logging.getLogger('agentops').debug('d')"
    )
    env = program.environment(server, spool_dir)

    def run(**more: str) -> tuple[str, set[str]]:
        done = subprocess.run(
            [sys.executable, "-c", f"import agentops; {source}"],
            env={**env, **more},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stderr, {path.name for path in tmp_path.glob("*.log")}

    shown, files = run()
    assert shown.count("Nonsense") == 1
    assert files == set()
    assert run(AGENTOPS_LOGGING_LEVEL="CRITICAL") == ("", set())
    shown, files = run(AGENTOPS_LOGGING_LEVEL="debug", AGENTOPS_LOGGING_TO_FILE="false")
    assert " DEBUG d" in shown
    assert shown.count("Nonsense") == 1
    assert files == set()
    assert run(AGENTOPS_LOGGING_TO_FILE="true")[1] == {"agentops.log"}
    assert (tmp_path / "agentops.log").read_text().count("Nonsense") == 1
    run(AGENTOPS_LOGGING_TO_FILE=str(tmp_path / "other.log"))
    assert (tmp_path / "other.log").exists()


def test_a_program_with_its_own_logging_sees_each_line_once(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    log.set_up_log(logging.INFO, None)
    try:
        log.logger.info("once")  # pytest has handlers at the root
    finally:
        log.put_back_log()
        log.logger.setLevel(logging.NOTSET)
    assert "once" not in capsys.readouterr().err
    assert caplog.messages == ["once"]
    assert log.logger.handlers == []


def test_a_log_file_that_cannot_be_opened_is_no_error(start: Start, tmp_path: Path, warnings: Warnings) -> None:
    session = start(log_to_file=tmp_path / "missing" / "a.log")
    session.record(ActionEvent())
    assert any("a.log" in warning for warning in warnings())


def test_the_limit_of_texts_is_an_option_of_each_session(start: Start, server: RecordingServer) -> None:
    usual = start()
    short = agentops.start_session(config=agentops.Configuration(max_text_bytes=10))
    assert short is not None
    for session in (usual, short):
        session.record(ActionEvent(params="x" * 20))
    assert agentops.flush(10)
    assert params(server, usual) == ["x" * 20]
    assert params(server, short) == ["x" * 10 + "… [cut: 20 bytes in all]"]
