"""Signals and asyncio: the main task is cancelled first and cleans up, wherever the session began."""

from __future__ import annotations

import signal

import pytest

from tests.sdk.recording_server import RecordingServer

from .ends import ONE, THREE, assert_ended
from .hosting import Hosting

SIGINT, SIGTERM = signal.SIGINT, signal.SIGTERM
RECORD = "agentops.Client().sessions[0].record(ActionEvent())\n"
PLACES = {
    "outside": ("agentops.init(); agentops.record(ActionEvent())", "pass"),
    "outside, recording inside": ("agentops.init()", "agentops.record(ActionEvent())"),
    "inside": ("pass", "agentops.init(); agentops.record(ActionEvent())"),
}


@pytest.fixture(params=PLACES.values(), ids=list(PLACES))
def places(request: pytest.FixtureRequest) -> tuple[str, str]:
    outside, inside = request.param
    return f"{outside}\n", f"{inside}\n"


def program_of(places: tuple[str, str], more: str = "") -> str:
    outside, inside = places
    return f"""
async def main():
    {inside.strip()}
    {more}
    try:
        print('ready', flush=True); await asyncio.sleep(60)
    except asyncio.CancelledError:
        print('cancelled', flush=True)
        await asyncio.sleep(0)
        raise
    finally:
        await asyncio.sleep(0)
        print('cleaned up', flush=True)
{outside}
"""


def test_interrupt_cancels_the_main_task(hosting: Hosting, recorder: RecordingServer, places: tuple[str, str]) -> None:
    outcome = hosting.run_alike(program_of(places) + "asyncio.run(main())\n", SIGINT)
    assert (outcome.code, outcome.out) == (-SIGINT, "ready\ncancelled\ncleaned up\n")
    assert_ended(recorder, ONE, "Failure", "Signal SIGINT detected")


def test_three_sessions(hosting: Hosting, recorder: RecordingServer) -> None:
    more = "agentops.start_session(); agentops.start_session()"
    outcome = hosting.run_alike(program_of((ONE, "pass"), more) + "asyncio.run(main())\n", SIGINT)
    assert outcome.code == -SIGINT
    assert_ended(recorder, THREE, "Failure", "Signal SIGINT detected")


@pytest.mark.parametrize("caught", ["KeyboardInterrupt", "BaseException"])
def test_interrupt_that_the_host_catches(
    hosting: Hosting, recorder: RecordingServer, places: tuple[str, str], caught: str
) -> None:
    run = f"try:\n    asyncio.run(main())\nexcept {caught} as error:\n    print(repr(error))\n    sys.exit(9)\n"
    outcome = hosting.run_alike(program_of(places) + run, SIGINT)
    assert (outcome.code, outcome.out.split()[-1]) == (9, "KeyboardInterrupt()")


def test_a_main_task_that_survives_its_cancellation(hosting: Hosting, recorder: RecordingServer) -> None:
    source = """
async def main():
    agentops.init()
    agentops.record(ActionEvent())
    print('ready', flush=True)
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return 'survived'
print(asyncio.run(main()))
"""
    outcome = hosting.run_alike(source, SIGINT)
    assert (outcome.code, outcome.out) == (0, "ready\nsurvived\n")
    assert_ended(recorder, ONE, "Failure", "Signal SIGINT detected")


def test_a_block_that_is_cancelled_by_the_signal(hosting: Hosting, recorder: RecordingServer) -> None:
    source = """
agentops.init(auto_start_session=False)
async def main():
    async with agentops.start_session() as session:
        session.record(ActionEvent())
        print('ready', flush=True); await asyncio.sleep(60)
asyncio.run(main())
"""
    assert hosting.run_alike(source, SIGINT).code == -SIGINT
    assert_ended(recorder, ONE, "Failure", "Signal SIGINT detected")


def test_the_second_interrupt_breaks_into_a_busy_task(
    hosting: Hosting, recorder: RecordingServer, places: tuple[str, str]
) -> None:
    outside, inside = places
    source = f"""
async def main():
    {inside.strip()}
    print('ready', flush=True)
    while not asyncio.current_task().cancelling():
        time.sleep(0.01)
    print('asked to end', flush=True); time.sleep(60)
{outside}
asyncio.run(main())
"""
    outcome = hosting.run_alike(source, SIGINT, SIGINT)
    assert (outcome.code, outcome.out) == (-SIGINT, "ready\nasked to end\n")


def test_a_second_loop_takes_the_interrupt_over_too(
    hosting: Hosting, recorder: RecordingServer, places: tuple[str, str]
) -> None:
    source = program_of(places).replace("'ready'", "'ready', signal.getsignal(signal.SIGINT) is None")
    run = """
async def first():
    agentops.add_tags('seen') if agentops.Client().has_sessions else None
    await asyncio.sleep(0)
asyncio.run(first())
print('between', signal.getsignal(signal.SIGINT) is signal.default_int_handler, flush=True)
asyncio.run(main())
"""
    outcome = hosting.run_alike(source + run, signal.SIGCONT, SIGINT)
    assert (outcome.code, outcome.out) == (-SIGINT, "between True\nready False\ncancelled\ncleaned up\n")


def test_an_interrupt_after_the_loop(hosting: Hosting, recorder: RecordingServer, places: tuple[str, str]) -> None:
    outside, inside = places
    source = f"""
async def main():
    {inside.strip()}
{outside}
asyncio.run(main())
def work():
    print('ready', flush=True); time.sleep(60)
work()
"""
    assert hosting.run_alike(source, SIGINT).code == -SIGINT
    assert_ended(recorder, ONE, "Failure", "Signal SIGINT detected")


@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
def test_handlers_of_the_loop(hosting: Hosting, recorder: RecordingServer, number: signal.Signals) -> None:
    source = f"""
agentops.init()
async def main():
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler({int(number)}, stopping.set)
    agentops.record(ActionEvent())
    print('ready', flush=True)
    await stopping.wait()
    print('stopped in order', flush=True)
asyncio.run(main())
sys.exit(4)
"""
    outcome = hosting.run_alike(source, number)
    assert (outcome.code, outcome.out) == (4, "ready\nstopped in order\n")
    assert_ended(recorder, ONE, "Failure", f"Signal {number.name} detected")
