"""How the sessions of a recorder ended."""

from __future__ import annotations

from typing import Any

from tests.sdk.recording_server import RecordingServer

ONE = "agentops.init(); agentops.record(ActionEvent())\n"
THREE = ONE + "agentops.start_session(); agentops.start_session()\n"


def read_ends(recorder: RecordingServer, begin: str) -> list[dict[str, Any]]:
    """The sessions, as many as the program began; the event that it recorded arrived once."""
    merged = [recorder.merged(session_id) for session_id in recorder.sessions]
    assert len(merged) == (3 if begin == THREE else 1)
    arrivals = [event_id for ids in recorder.arrivals.values() for event_id in ids]
    assert len(arrivals) == len(set(arrivals)) == 1
    return merged


def assert_ended(recorder: RecordingServer, begin: str, state: str, reason: str) -> None:
    """Every session ended in this state, with a reason that says this."""
    for session in read_ends(recorder, begin):
        assert session["end_timestamp"]
        assert session["end_state"] == state
        assert reason in session["end_state_reason"]
