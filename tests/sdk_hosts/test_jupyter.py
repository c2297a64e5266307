"""Jupyter: cells run again, fail and are stopped, and the kernel goes on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.recording_server import RecordingServer

from .hosting import Hosting

NOTEBOOK = Path(__file__).with_name("notebook.py")
INIT = "import agentops\nsession = agentops.init()\nprint(session.session_id)"
RECORD = "session.record(agentops.ActionEvent())"
SLEEP = "import time\nprint('ready', flush=True); time.sleep(60)"


def run_cells(hosting: Hosting, *cells: dict[str, Any], alone: bool = False) -> list[dict[str, Any]]:
    process = hosting.open([sys.executable, str(NOTEBOOK)], hosting.alone_env if alone else hosting.env)
    out, err = process.communicate(json.dumps(cells), timeout=120)
    assert process.returncode == 0, err
    assert "AGENTOPS_STRICT" not in err
    return [json.loads(line) for line in out.splitlines()]


def cell(code: str, **more: object) -> dict[str, Any]:
    return {"code": code, **more}


def test_the_cell_with_init_is_run_again(hosting: Hosting, recorder: RecordingServer) -> None:
    first, _, failed, second, _ = run_cells(hosting, cell(INIT), cell(RECORD), cell("1 / 0"), cell(INIT), cell(RECORD))
    assert failed["error"] == "ZeroDivisionError"
    assert first["out"] == second["out"]
    assert "initialised already" in second["err"]
    hosting.deliver()
    ((session_id, events),) = recorder.events.items()
    assert session_id == first["out"].strip()
    assert [event["sequence"] for event in events.values()] == [1, 2]
    assert recorder.merged(session_id)["end_state"] == "Indeterminate"
    assert recorder.merged(session_id)["end_timestamp"]


@pytest.mark.parametrize("more", [{}, {"interrupt": True}], ids=["ended", "interrupted"])
def test_a_new_session_after_the_end_of_the_first(
    hosting: Hosting, recorder: RecordingServer, more: dict[str, bool]
) -> None:
    end = SLEEP if more else "session.end_session('Success')"
    cells = [cell(INIT), cell(RECORD), cell(f"{RECORD}\n{end}", **more), cell(INIT), cell(RECORD)]
    heard = run_cells(hosting, *cells)
    alone = run_cells(hosting, *cells, alone=True)
    assert [one["error"] for one in heard] == [one["error"] for one in alone]
    assert not heard[2].get("lines"), "our frames are none of the host's traceback"
    first, second = heard[0]["out"].strip(), heard[3]["out"].strip()
    assert first != second
    hosting.deliver()
    assert {session: len(events) for session, events in recorder.events.items()} == {first: 2, second: 1}
    state = "Failure" if more else "Success"
    assert recorder.merged(first)["end_state"] == state
    assert recorder.merged(second)["end_state"] == "Indeterminate"


def test_top_level_await(hosting: Hosting, recorder: RecordingServer) -> None:
    code = """
import asyncio
async def work(name):
    async with agentops.start_session([name]) as session:
        await asyncio.sleep(0)
        agentops.record(agentops.ActionEvent(params=name))
await asyncio.gather(work('a'), work('b'))
"""
    heard = run_cells(hosting, cell("import agentops\nagentops.init(auto_start_session=False)"), cell(code))
    assert [one["error"] for one in heard] == [None, None]
    hosting.deliver()
    for session_id, events in recorder.events.items():
        assert [event["params"] for event in events.values()] == recorder.sessions[session_id]["tags"]
    assert len(recorder.events) == 2
