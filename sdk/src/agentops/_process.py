"""This process as a participant of sessions. A forked child is another participant."""

from __future__ import annotations

import os

from . import _ids

_participants: dict[int, str] = {}  # by process id, because not every fork runs the hook below


def participant_id() -> str:
    """UUID of this process, as text; made when it is first asked for, and anew after a fork."""
    pid = os.getpid()
    # Two threads may ask first at the same time: one of their ids stays, for both.
    return _participants.get(pid) or _participants.setdefault(pid, str(_ids.new_id()))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_participants.clear)
