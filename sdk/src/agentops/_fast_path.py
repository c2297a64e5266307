"""From an event to its record on disk in one function: the way of nearly every call of `record`.

Between two calls of a model a core does other work, and when it comes back it finds nothing of this program in its
caches. What counts then is not how much is computed but how many pages of memory are touched for it. A function that
has in its own cells all it needs touches half as many as calls from object to object and module to module do, so this
one writes out again what `_wire` and `_spool` have for all cases. What is not ordinary it leaves to them.

What took this path is a line, JSON that begins with numbers, which whoever reads it completes (`_stamp`).
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from . import _acceleration, _clock
from ._analytics import count_as
from ._events import Event, LLMEvent
from ._exits import get_handler
from ._ids import find_id
from ._wire import fields_of, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ._delivery import Delivery
    from ._encoding import FastEncoding
    from ._spool import Spool
    from ._sync import Sync

    FastPath = Callable[[object], bool]
    """True when the event is kept. False: nothing was done, it takes the slow path."""

LOOK_EVERY_NS = 20_000_000
"""How often an event looks at whose process this is, which changes in the child of a fork without hooks, and at whose
the signals are, which changes when the host sets a handler."""


def no_fast_path(event: object) -> bool:  # noqa: ARG001
    """The fast path where there is none."""
    return False


def settle(path: FastPath) -> None:
    """Have all that it took in the counts, into which a compiled one does not write each time."""
    if (count_up := getattr(path, "settle", None)) is not None:
        count_up()


class Door:
    """Where records go in, and who has to be told that there are some."""

    __slots__ = ("announce", "delivery", "spool", "sync")
    spool: Spool
    delivery: Delivery
    sync: Sync
    announce: Callable[[], None]

    def __init__(self, spool: Spool, delivery: Delivery, sync: Sync, announce: Callable[[], None]) -> None:
        self.spool = spool
        self.delivery = delivery
        self.sync = sync
        self.announce = announce


class Sender:
    """Whose events they are, and the account that is kept of them.

    Args:
        session_id, participant_id: whose.
        sequence: numbers of events. returned: those of events that were not kept; while there are any, the slow path
            gives them to others.
        counts: how many there are of each type.
        agents: whom it has met; whom it has not takes the slow path, which tells the server of them.
        refuse: tells that the event of this number is not kept. Weak: an ended session goes when nobody holds it.
    """

    __slots__ = ("agents", "counts", "participant_id", "refuse", "returned", "sequence", "session_id")
    session_id: UUID
    participant_id: UUID
    sequence: Iterator[int]
    returned: list[int]
    counts: dict[str, int]
    agents: Mapping[str, UUID]
    refuse: Callable[[], Callable[[int], None] | None]

    def __init__(
        self,
        session_id: UUID,
        participant_id: UUID,
        sequence: Iterator[int],
        returned: list[int],
        counts: dict[str, int],
        agents: Mapping[str, UUID],
        refuse: Callable[[], Callable[[int], None] | None],
    ) -> None:
        self.session_id = session_id
        self.participant_id = participant_id
        self.sequence = sequence
        self.returned = returned
        self.counts = counts
        self.agents = agents
        self.refuse = refuse


def make_fast_path(  # noqa: PLR0915 - many names, for the sake of few places
    sender: Sender,
    encoding: FastEncoding,
    door: Door,
    seen_handlers: Mapping[int, object],
    watch_signals: Callable[[], None],
) -> FastPath:
    """The fast path of one participant of one session.

    Args:
        sender: whose events take it.
        encoding: how they become JSON.
        door: where their records go.
        seen_handlers: the signal handlers that were in place when somebody looked last.
        watch_signals: looks again.
    """
    session_id, sequence, returned, counts = sender.session_id, sender.sequence, sender.returned, sender.counts
    agents, refuse = sender.agents, sender.refuse
    delivery, sync, announce = door.delivery, door.sync, door.announce
    stores, append_here = door.spool.stores, door.spool.append_here
    dumps, to_plain, options, most_bytes = encoding.dumps, encoding.to_plain, encoding.options, encoding.most_bytes
    key, session, participant = session_id.bytes, str(session_id), str(sender.participant_id)
    often_ns = LOOK_EVERY_NS
    interrupt, termination = int(signal.SIGINT), int(signal.SIGTERM)
    pid, looked_ns, look_ns = os.getpid(), 0, 0
    # What would else be looked up in a module, and in what is built in.
    now_ns = _clock.now_ns
    llm_event, any_event, following, length, class_of, text, number_type = LLMEvent, Event, next, len, type, str, int
    is_a, fields_of_others, uuid = isinstance, fields_of, UUID

    def look() -> bool:
        """Whether this process may take events here."""
        if os.getpid() != pid:  # the child of a fork without hooks
            return False
        if (
            get_handler(termination) is not seen_handlers[termination]
            or get_handler(interrupt) is not seen_handlers[interrupt]
        ):
            watch_signals()
        return True

    def keep(line: bytes, number: int) -> bool:
        """Keep a line for which there is no store."""
        if not append_here(key, line):
            returned.append(number)
            return False
        if not (delivery.has_news and delivery.has_started and sync.is_announced):
            announce()
        return True

    def take(event: Any) -> bool:  # noqa: PLR0911, PLR0912, PLR0915 - in one piece, see above
        nonlocal looked_ns, look_ns
        if class_of(event) is not llm_event and not is_a(event, any_event):
            return False
        salt, kind = event.given_id, event.event_type
        if class_of(salt) is not number_type or event.recorded or event.given_init or event.end_timestamp or returned:
            return False
        ended_ns = now_ns()
        if not looked_ns <= ended_ns < look_ns:  # a clock may be put back
            looked_ns, look_ns = ended_ns, ended_ns + often_ns
            if not look():
                return False
        number = following(sequence)
        try:
            agent, parent = event.agent_id, event.parent_id
            if agent is not None and class_of(agent) is not uuid:
                agent = agents[agent]
            if class_of(event) is llm_event:
                fields = {
                    "n": (number, event.made_ns, salt, ended_ns),
                    "session_id": session,
                    "participant_id": participant,
                    "event_type": kind if class_of(kind) is text else name_of(kind),
                    "prompt": event.prompt,
                    "completion": event.completion,
                    "model": event.model,
                    "prompt_tokens": event.prompt_tokens,
                    "completion_tokens": event.completion_tokens,
                }
                # What is None the reader of the event takes for None.
                if agent is not None:
                    fields["agent_id"] = agent
                if parent is not None:
                    fields["parent_id"] = find_id(parent)
                if (value := event.params) is not None:
                    fields["params"] = value
                if (value := event.returns) is not None:
                    fields["returns"] = value
                if (value := event.cost) is not None:
                    fields["cost"] = value
                if (value := event.thread_id) is not None:
                    fields["thread_id"] = value
                if event.more is not None:
                    fields |= event.more
            else:
                fields = {
                    "n": (number, event.made_ns, salt, ended_ns),
                    "session_id": session,
                    "participant_id": participant,
                    **fields_of_others(event, session_id),
                }
            line = dumps(fields, to_plain, options)
            if length(line) > most_bytes:
                returned.append(number)
                return False
        except Exception:  # noqa: BLE001 - of a foreign object, or who it was is new: the slow path knows what to do
            returned.append(number)
            return False
        except BaseException:  # of a signal handler, for example: nothing was kept
            if (say_so := refuse()) is not None:
                say_so(number)
            raise
        try:
            # In one expression, which no other thread and no signal handler comes into.
            stores[key](line)
        except (KeyError, ValueError):  # it has none, or there is no room
            if not keep(line, number):
                return False
        event.session_id = session_id
        event.recorded = (key, participant, number)
        try:
            counts[kind] += 1  # an EventType is the text that it stands for
        except KeyError:
            counts[count_as(kind)] += 1
        return True

    native = _acceleration.native
    if native is None or not isinstance(sequence, native.Counter):  # of a session that began before it was loaded
        return take
    about = f'],"session_id":"{session}","participant_id":"{participant}","event_type":'
    taker: FastPath = native.Taker(
        take=take,
        look=look,
        keep=keep,
        count_as=count_as,
        now_ns=now_ns,
        uuid=UUID,
        agents=agents,
        stores=stores,
        key=key,
        session_id=session_id,
        participant=participant,
        sequence=sequence,
        returned=returned,
        counts=counts,
        about=about.encode(),
        most_bytes=most_bytes,
        often_ns=LOOK_EVERY_NS,
    )
    return taker
