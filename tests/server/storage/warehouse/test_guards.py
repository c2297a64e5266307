"""What an engine inside a process does to it, and what keeps it from doing so."""

import os
import signal
from pathlib import Path

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import guards
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

from .running import run_with_warehouse

FORK = """
child = os.fork()
if child == 0:
    print("the child lives", flush=True)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
assert warehouse.query("SELECT 2 AS two", {}) == b'{"two":2}\\n'
warehouse.close()
"""


def test_a_forked_child_ends_at_once_and_says_why(tmp_path: Path) -> None:
    run = run_with_warehouse(tmp_path, FORK)
    assert (run.returncode, run.stdout.split()) == (0, [str(guards.FORKED_EXIT_CODE)])
    assert "cannot fork; use spawn" in run.stderr


def test_threads_that_merge_have_a_lower_priority_than_all_others(tmp_path: Path) -> None:
    program = """
from pathlib import Path
warehouse.execute("CREATE TABLE things (n UInt64) ENGINE = MergeTree ORDER BY n")
warehouse.insert("things", b'{"n": 1}')
for task in Path("/proc/self/task").iterdir():
    print((task / "comm").read_text().strip().replace(" ", "_"), os.getpriority(os.PRIO_PROCESS, int(task.name)))
warehouse.close()
"""
    lines = run_with_warehouse(tmp_path, program).stdout.splitlines()
    niceness = [(name, int(number)) for name, _, number in (line.partition(" ") for line in lines)]
    merging = {number for name, number in niceness if name == guards.MERGING_THREADS}
    others = {number for name, number in niceness if name != guards.MERGING_THREADS}
    assert merging == {os.getpriority(os.PRIO_PROCESS, 0) + guards.MERGING_NICER}
    assert max(others) < min(merging)


def test_multiprocessing_that_forks_fails_at_once(tmp_path: Path) -> None:
    program = """
import multiprocessing
process = multiprocessing.get_context("fork").Process(target=print, args=("the child lives",))
process.start()
process.join()
print(process.exitcode)
"""
    run = run_with_warehouse(tmp_path, program)
    assert run.stdout.split() == [str(guards.FORKED_EXIT_CODE)]


def test_a_subprocess_is_no_fork(tmp_path: Path) -> None:
    program = "import subprocess; print(subprocess.run([sys.executable, '-c', 'print(7)'], check=True).returncode)"
    assert run_with_warehouse(tmp_path, program).stdout.split() == ["7", "0"]


@pytest.mark.parametrize(
    ("crash", "number"),
    [
        ("import faulthandler; faulthandler._sigsegv()", signal.SIGSEGV),
        ("os.kill(os.getpid(), signal.SIGSEGV)", signal.SIGSEGV),
        ("os.abort()", signal.SIGABRT),
        ("os.kill(os.getpid(), signal.SIGBUS)", signal.SIGBUS),
        ("threading.Thread(target=os.abort).start()", signal.SIGABRT),
    ],
)
def test_a_crash_ends_the_process_and_shows_where(tmp_path: Path, crash: str, number: signal.Signals) -> None:
    run = run_with_warehouse(tmp_path, crash)
    assert run.returncode == -number
    assert "Fatal Python error" in run.stderr


def test_a_second_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    program = """
import subprocess
second = [sys.executable, "-c", "import sys; from pathlib import Path;"
    "from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse; EmbeddedWarehouse(Path(sys.argv[1]))"]
told = subprocess.run([*second, sys.argv[1]], capture_output=True, text=True)
assert told.returncode == 1, told
print(os.getpid(), told.stderr.splitlines()[-1])
"""
    run = run_with_warehouse(tmp_path, program)
    holder, message = run.stdout.strip().split(" ", 1)
    assert f"Unavailable: {tmp_path} is in use by another agentops-server (process {holder})" in message


def test_a_folder_is_free_again_after_its_process_was_killed(tmp_path: Path) -> None:
    assert run_with_warehouse(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)").returncode == -signal.SIGKILL
    assert run_with_warehouse(tmp_path, "warehouse.close()").returncode == 0


def test_a_folder_that_is_held_is_refused_in_the_same_process_too(tmp_path: Path) -> None:
    with guards.lock_folder(tmp_path), pytest.raises(Unavailable, match="in use by another agentops-server"):
        EmbeddedWarehouse(tmp_path)
    guards.lock_folder(tmp_path).close()


def test_the_lock_names_the_process_that_holds_it_now(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("123456789")
    with guards.lock_folder(tmp_path), pytest.raises(Unavailable) as refused:
        guards.lock_folder(tmp_path)
    assert "123456789" not in refused.value.message
