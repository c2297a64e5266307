"""What an engine inside this process must not be allowed to do to it. Each guard was found to be needed by measurement.

- A forked child of a process that holds the engine hangs for ever at its first query or at exit: the child is ended at
  once instead, with a message. (`subprocess` and the ``spawn`` start method are not affected.)
- The engine replaces the handlers of crash signals, and a crash then hangs instead of ending the process: the default
  actions are put back after it is loaded.
- Merges take all cores for seconds, and whoever asks something meanwhile waits: their threads get a lower priority.
- Two processes on one folder corrupt nothing, but the second fails late and unclearly: a lock file says it at once.
"""

import errno
import faulthandler
import fcntl
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import IO

from agentops_server.errors import Unavailable

CRASH_SIGNALS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
FORKED_EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h
MERGING_THREADS = "MergeMutate"
# Beside another one, a thread with 5 more gets a quarter of a core: merges go on however busy it is.
MERGING_NICER = 5
_THREADS = Path("/proc/self/task")

_fork_guarded = False


def forbid_fork() -> None:
    """End every child that is forked from now on at once, with a message on stderr."""
    global _fork_guarded  # noqa: PLW0603 - os.register_at_fork cannot be undone, so once per process
    if not _fork_guarded:
        os.register_at_fork(after_in_child=_end_child)
        _fork_guarded = True


def _end_child() -> None:
    os.write(2, b"agentops-server: a process that holds the embedded warehouse cannot fork; use spawn\n")
    os._exit(FORKED_EXIT_CODE)


def restore_crash_signals() -> None:
    """Let a crash end the process again, with a traceback on stderr. Call it in the main thread."""
    for number in CRASH_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    faulthandler.enable()


def make_merges_nice() -> bool:
    """Lower the priority of the engine's threads that merge; false while there are none, as before the first table.

    The engine has a setting for it, which only works for whoever may raise priorities too.
    """
    if not _THREADS.exists():
        return True  # another system than Linux
    niceness = os.getpriority(os.PRIO_PROCESS, os.getpid()) + MERGING_NICER
    merging = [task for task in _THREADS.iterdir() if _name_of(task) == MERGING_THREADS]
    for task in merging:
        with suppress(OSError):  # it has ended meanwhile
            os.setpriority(os.PRIO_PROCESS, int(task.name), niceness)
    return bool(merging)


def _name_of(task: Path) -> str:
    try:
        return (task / "comm").read_text("utf-8").strip()
    except OSError:  # it has ended meanwhile
        return ""


def open_folder(folder: Path) -> IO[str]:
    """Make the folder if it is not there, and hold it for this process until the returned file is closed.

    Raises:
        Unavailable: It cannot be made or written, or another process holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return lock_folder(folder)
    except OSError as error:
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        remedy = "free some space" if is_full else "let this user write there, or choose another --data-dir"
        raise Unavailable(f"the folder {folder} cannot be used: {error.strerror}; {remedy}") from error


def lock_folder(folder: Path) -> IO[str]:
    """Hold the folder for this process until the returned file is closed.

    Raises:
        Unavailable: Another process holds it.
    """
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise Unavailable(
            f"{folder} is in use by another agentops-server (process {holder}); stop it or choose another --data-dir"
        ) from None
    try:
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
    except OSError:
        file.close()
        raise
    return file
