from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.sdk_hosts.hosting")

from tests.sdk import program  # noqa: E402 - what asserts is registered before it is imported
from tests.sdk.recording_server import RecordingServer  # noqa: E402
from tests.sdk_hosts.hosting import Hosting  # noqa: E402


@pytest.fixture
def recorder() -> Iterator[RecordingServer]:
    """A server that keeps what it hears, for tests that look at every request or let some fail."""
    recorder = RecordingServer()
    yield recorder
    recorder.close()


@pytest.fixture
def hosting(recorder: RecordingServer, tmp_path: Path) -> Hosting:
    """Runs programs whose data goes to the recorder."""
    return Hosting(tmp_path, program.environment(recorder, tmp_path / "spool"))
