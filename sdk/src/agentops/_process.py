"""This process as a participant of sessions, and how it forks. A forked child is another participant.

From before a fork until our hooks have run after it, in parent and child, nobody has a store: the child would store
into its parent's records. In the child no thread is started until then: `threading` has not forgotten the parent's.
"""

from __future__ import annotations

import os

from . import _ids

_participants: dict[int, str] = {}  # by process id, because not every fork runs the hook below
_forks = 0
_forking_pid = 0


def participant_id() -> str:
    """UUID of this process, as text; made when it is first asked for, and anew after a fork."""
    pid = os.getpid()
    # Two threads may ask first at the same time: one of their ids stays, for both.
    return _participants.get(pid) or _participants.setdefault(pid, str(_ids.new_id()))


def begin_fork() -> None:
    """This process is about to fork."""
    global _forks, _forking_pid  # noqa: PLW0603 - there is one process
    _forking_pid = os.getpid()
    _forks += 1  # in a line that calls nothing no other thread comes in between


def end_fork() -> None:
    """It has forked, and is the parent."""
    global _forks  # noqa: PLW0603
    _forks -= 1


def begin_in_child() -> None:
    """It is the child. No other thread came along that could be forking."""
    global _forks  # noqa: PLW0603
    _forks = 0
    own = os.getpid()
    for pid in list(_participants):
        if pid != own:
            _participants.pop(pid, None)


def is_forking() -> bool:
    """True from `begin_fork` until `end_fork`, or `begin_in_child`."""
    return _forks > 0


def is_young() -> bool:
    """True in a child until `begin_in_child`."""
    return _forks > 0 and os.getpid() != _forking_pid
