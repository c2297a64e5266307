"""For tests of programs that use AgentOps: what they record, in memory, with ids and times that are the same each run.

from agentops.testing import capture

def test_my_agent() -> None:
    with capture() as captured:
        run_my_agent()
    assert [event["name"] for event in captured.events] == ["search", "answer"]
    assert captured.sessions[0].end_state == "Success"
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from . import _clock, _events, _ids
from ._client import Client
from ._records import AGENT, CREATE, EVENTS, SPAN

if TYPE_CHECKING:
    from pathlib import Path

    from ._config import Configuration
    from ._protocol import Listener
    from ._transport import Answer

__all__ = ["Capture", "CapturedSession", "capture"]

FROZEN_START = datetime(2026, 1, 1, tzinfo=timezone.utc)
"""The time of the first look at the frozen clock; each look is one millisecond later."""


class CapturedSession:
    """A session as the program under test left it: the session object, events and agents of the v2 protocol."""

    def __init__(self, session_id: UUID) -> None:
        self.session_id = session_id
        self.facts: dict[str, Any] = {}
        self.agents: list[dict[str, Any]] = []
        self.spans: list[dict[str, Any]] = []
        """Calls that were captured automatically, as OTLP/JSON has them."""
        self._events: dict[str, dict[str, Any]] = {}

    @property
    def events(self) -> list[dict[str, Any]]:
        """In the order of recording; one that was recorded again is there once, as it was last."""
        return list(self._events.values())

    @property
    def tags(self) -> list[str]:
        tags: list[str] = self.facts.get("tags") or []
        return tags

    @property
    def end_state(self) -> str | None:
        """None while it runs."""
        return self.facts.get("end_state")

    @property
    def end_state_reason(self) -> str | None:
        return self.facts.get("end_state_reason")

    def take(self, kind: int, payload: bytes) -> None:
        decoded = json.loads(payload)
        if kind == SPAN:
            self.spans += decoded["spans"]
        elif kind in EVENTS:
            self._events[decoded["id"]] = decoded
        elif kind == AGENT:
            self.agents.append(decoded)
        else:
            self.facts.update({name: value for name, value in decoded.items() if value is not None})


class Capture:
    """Everything that is recorded while it is in place. Nothing of it is written or sent."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, CapturedSession] = {}

    @property
    def sessions(self) -> list[CapturedSession]:
        """In the order in which they were started."""
        return list(self._sessions.values())

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all sessions."""
        return [event for session in self.sessions for event in session.events]

    def append(self, kind: int, session: bytes, sequence: int, payload: bytes, introduce: Callable[[], bytes]) -> bool:
        del sequence
        captured = self._sessions.get(session)
        if captured is None:
            captured = self._sessions[session] = CapturedSession(UUID(bytes=session))
            if kind != CREATE:
                captured.take(CREATE, introduce())
        captured.take(kind, payload)
        return True

    def open_door(self) -> None:
        """None: what is captured is taken apart at once."""

    def attend(self, session: bytes, introduce: Callable[[], bytes], encode_sign: Callable[[], bytes]) -> None: ...

    def leave(self, session: bytes) -> None: ...

    def upload(self, session: bytes, path: Path, introduce: Callable[[], bytes]) -> bool:
        """The video of the session is the path."""
        del introduce
        self._sessions[session].facts["video"] = str(path)
        return True

    def cancel_upload(self, session: bytes) -> None: ...

    def prepare_later(self, task: Callable[[], None]) -> None:
        """The host environment differs from machine to machine: it is left out."""

    def begin_flush(self, *, and_adopted: bool = False) -> int:
        del and_adopted
        return 0

    def flush(
        self,
        timeout_seconds: float,
        *,
        session: bytes | None = None,
        and_adopted: bool = False,
        ticket: int | None = None,
    ) -> bool:
        del timeout_seconds, session, and_adopted, ticket
        return True

    def fetch_stats(self, session_id: UUID, timeout_seconds: float) -> Answer | None:
        del session_id, timeout_seconds
        return None

    def prepare_fork(self) -> None: ...

    def reset_after_fork(self) -> None: ...

    def go_on(self) -> None: ...

    def await_imports(self, timeout_seconds: float) -> None: ...

    def seconds_left(self, seconds: float) -> float:
        return seconds

    def tidy(self) -> None: ...

    def close(self) -> None: ...


@contextmanager
def capture(*, frozen: bool = True) -> Iterator[Capture]:
    """Capture what is recorded inside the block. Sessions that run before it are ended; the ones inside, at its end.

    Args:
        frozen: ids count up from 1 and the clock from FROZEN_START, one millisecond per look.
    """
    captured = Capture()

    def open_capture(config: Configuration, listener: Listener) -> Capture:
        del config, listener
        return captured

    Client().close()
    before = Client.open_pipeline, _ids.draw, _ids.to_number, _clock.now_ns, _events.now_ns, _events.next_salt
    Client.open_pipeline = staticmethod(open_capture)
    if frozen:
        start_ns = int(FROZEN_START.timestamp()) * 1_000_000_000
        numbers, ticks = itertools.count(1), itertools.count()
        _ids.draw = lambda bits: next(numbers)  # noqa: ARG005
        _ids.to_number = lambda at_ns, salt: 7 << 76 | 0b10 << 62 | salt  # noqa: ARG005
        _clock.now_ns = lambda: start_ns + next(ticks) * 1_000_000
        _events.use_sources(_clock.now_ns, numbers.__next__)
    try:
        yield captured
    finally:
        Client().close()
        Client.open_pipeline = staticmethod(before[0])
        _ids.draw, _ids.to_number, _clock.now_ns = before[1:4]
        _events.use_sources(*before[4:])
