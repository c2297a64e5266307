"""This process as a participant of sessions. A forked child is another participant."""

from __future__ import annotations

import os

from . import _ids

_participant = ""
_pid = 0


def participant_id() -> str:
    """UUID of this process, as text; made when it is first asked for, and anew after a fork."""
    global _participant, _pid
    pid = os.getpid()
    if pid != _pid:
        _participant, _pid = str(_ids.new_id()), pid
    return _participant
