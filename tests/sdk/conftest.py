from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from agentops import Session, _acceleration, _guard, init
from agentops._client import Client
from agentops._config import OPTIONS

from .recording_server import RecordingServer


@pytest.fixture(autouse=True)
def swallowed() -> Iterator[list[Exception]]:
    """Whatever the SDK swallows fails the test; a test that provokes it clears the list."""
    errors: list[Exception] = []
    _guard.on_swallow = errors.append
    yield errors
    _guard.on_swallow = None
    assert errors == []


@pytest.fixture(autouse=True)
def spool_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (option.variable for option in OPTIONS):
        monkeypatch.delenv(str(name), raising=False)
    monkeypatch.setenv("AGENTOPS_SPOOL_DIR", str(tmp_path / "spool"))
    return tmp_path / "spool"


@pytest.fixture(scope="module")
def native() -> ModuleType:
    _acceleration.load()
    assert _acceleration.native is not None, "`make setup-dev` builds it, where there is a compiler"
    return _acceleration.native


@pytest.fixture(scope="module", params=["compiled", "in Python"])
def each_form(request: pytest.FixtureRequest, native: ModuleType) -> Iterator[None]:
    """What is compiled, and the Python that it stands in for."""
    del native
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "compiled":
            patch.setattr(_acceleration, "native", None)
        yield


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    server = RecordingServer()
    yield server
    server.close()


@pytest.fixture
def client(swallowed: list[Exception]) -> Iterator[Client]:
    """The process's client, closed at the end with everything it hooked."""
    client = Client()
    yield client
    client.configure(max_wait_time=200)
    client.close()


@pytest.fixture
def start(server: RecordingServer, client: Client) -> Callable[..., Session]:
    """`agentops.init` against the recording server, without host environment unless a test asks for it."""

    def start_session(**options: object) -> Session:
        given = {"api_key": server.key, "endpoint": server.endpoint, "env_data_opt_out": True, **options}
        session = init(**given)  # type: ignore[arg-type]
        assert session is not None
        return session

    return start_session


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    def read_warnings() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]

    return read_warnings
