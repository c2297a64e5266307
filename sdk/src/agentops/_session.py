"""Session: one run of an agent program, open -> ended."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID
from weakref import WeakMethod

from . import _acceleration, _clock, _events, _ids, _money, _wire
from ._analytics import count_as, explain_bound, fetch_stats, make_analytics, read_analytics, say_bound
from ._block import Block
from ._encoding import load_fast_encoder, open_encoder
from ._events import EndState, Event
from ._fast_path import Sender, make_fast_path, no_fast_path, settle
from ._guard import guarded, swallow
from ._log import logger
from ._plain import iter_texts, to_text
from ._process import participant_id
from ._records import AGENT, CREATE, EVENT, REPLACE, SPAN, UPDATE
from ._tags import Tagged
from ._video import Filmed

if TYPE_CHECKING:
    from decimal import Decimal
    from os import PathLike
    from typing import Any

    from ._client import Client
    from ._config import Configuration
    from ._encoding import Encoder
    from ._fast_path import FastPath
    from ._pipeline import Pipeline
    from ._transport import Answer

R = TypeVar("R")
_MOST_AGENTS = 1000  # remembered by what events name them with; more are told of again


class Session(Block, Filmed, Tagged):
    """One run of an agent program, made by `agentops.init()` or `agentops.start_session()`. Every event belongs to one.

    No method raises, and none but `end_session`, `get_analytics` and `flush` waits for the network.

    Attributes:
        session_id: UUID (version 7), or the inherited one.
        config: the options of this session.
        name: what it is called where sessions are listed; None lets the server choose.
        init_timestamp: ISO 8601, UTC, when this process began or joined it.
        end_timestamp: ISO 8601, UTC; None until ended here.
        end_state: `Success`, `Failure` or `Indeterminate`, which it is until ended.
        end_state_reason: text, or None.
        video: a recording, as it was given: a URL, or the path of a local file; or None.
        host_env: what was gathered about this machine; None before that, and after AGENTOPS_ENV_DATA_OPT_OUT.
        project_id: the project of the API key, once the server said so.
        jwt: the token of this session, once the server gave one.
        events_refused: how many events of this process could not be kept, because the spool's quota, or the memory that
            stands in for it, was used up, or because the server cannot take them.
    """

    __slots__ = ("_fast_path",)  # besides all the others: of the many, this one is wanted at once

    def __init__(
        self,
        session_id: UUID,
        config: Configuration,
        pipeline: Pipeline,
        client: Client,
        tags: Iterable[str] = (),
        is_inherited: bool = False,
        name: str | None = None,
    ) -> None:
        self.session_id = session_id
        self.config = config
        self.name = name
        self.encoder: Encoder = open_encoder(config)
        self.init_timestamp: str = _clock.now()
        self.end_timestamp: str | None = None
        self.end_state: str = EndState.INDETERMINATE.value
        self.end_state_reason: str | None = None
        self.video: str | None = None
        self.host_env: dict[str, object] | None = None
        self.project_id: str | None = None
        self.jwt: str | None = None
        self.is_inherited = is_inherited
        self._pipeline = pipeline
        self._client = client
        self._watch_signals = client.watch_signals
        self._key = session_id.bytes
        self._tags = iter_texts(tags)
        self._url: str | None = None
        self._cost: Decimal | None = None
        self._bound: str | None = None  # why it may be more
        self._end_is_kept = False
        self._end_is_ours = False  # not the caller's own word, to which it gives way
        self.is_interrupted: bool = False  # by a signal; what a host does that stops in order is still of this session
        self._environment_of = ""  # the participant whose host environment is sent
        self._agents: dict[str, UUID] = {}  # whom events name, by what they name them with
        self._counts: dict[str, int] = dict.fromkeys(("llms", "tools", "actions", "errors"), 0)
        self._fast_path: FastPath = no_fast_path
        _acceleration.load()
        self.begin_participation()

    def begin(self) -> None:
        """Have the server told of the session, which the client knows by now: the answer may come at once."""
        self._append(CREATE, self._introduce())

    def begin_participation(self) -> None:
        """What each process has of its own. Called again in a forked child."""
        self._pid = os.getpid()
        self._owner_pid = getattr(self, "_owner_pid", self._pid)
        self._participant = participant_id()
        self._lock = threading.RLock()
        self._sequence = _ids.count_from(1)
        self._returned: list[int] = []  # numbers of events that were not kept, for those that are
        settle(self._fast_path)
        self._fast_path = no_fast_path
        self._wants_fast_path = True
        self.events_refused: int = 0
        self.takes_part: bool = False  # whether the server is told of this process

    def _introduce(self) -> bytes:
        participant = participant_id()
        self.takes_part = True
        if self.is_running:
            self._pipeline.attend(self._key, self._introduce, self._encode_sign)
        if self._environment_of != participant and not self.config.env_data_opt_out:
            self._environment_of = participant
            self._pipeline.prepare_later(self._send_host_env)
        return _wire.encode_session(self, participant)

    def _encode_sign(self) -> bytes:
        return _wire.encode_sign(self, participant_id())

    @guarded
    def _send_host_env(self) -> None:
        from ._environment import gather_environment  # noqa: PLC0415 - runs on the worker, imports what is slow

        self.host_env = gather_environment()
        self._append(UPDATE, _wire.encode_host_env(self, participant_id(), self.host_env))

    def _append(self, kind: int, payload: bytes) -> bool:
        self._check_process()
        self._watch_signals()
        return self._pipeline.append(kind, self._key, 0, payload, self._introduce)

    def __repr__(self) -> str:
        return f"Session({str(self.session_id)!r}, {self.end_state if self.end_timestamp else 'running'})"

    @property
    def is_running(self) -> bool:
        """True until it is ended in this process."""
        return self.end_timestamp is None

    @property
    def is_owned(self) -> bool:
        """False in a process forked from the one that started the session: how that one ends is for that one to say."""
        return self._owner_pid == os.getpid()

    @property
    def session_url(self) -> str:
        """Where the session is shown."""
        return self._url or f"{self.config.endpoint}/sessions/{self.session_id}"

    @property
    def event_counts(self) -> dict[str, int]:
        """What this process recorded, by type: `llms`, `tools`, `actions`, `errors`."""
        settle(self._fast_path)
        return dict(self._counts)

    @property
    def token_cost(self) -> Decimal:
        """The cost of the whole session in US dollars, as the server last said; 0 before it has."""
        return self._cost if self._cost is not None else _money.zero()

    def record(self, event: Event) -> None:
        """Record an event: take a snapshot of it and keep that on disk. It survives this process from here on.

        Recording the same event again replaces what was recorded before. Logged and ignored: what is not an Event.
        """
        try:  # not `guarded`, which would be a call more
            if not self._fast_path(event):
                self._record_at_length(event)
        except Exception as error:  # noqa: BLE001 - as in `guarded`
            swallow(error, "Session.record")

    def _find_fast_path(self) -> None:
        """Have what is ordinary take the fast path from now on, as soon as the fast encoder is there."""
        door = None if self.encoder.redacts else self._pipeline.open_door()
        if door is None:
            self._wants_fast_path = False
        elif (encoding := self.encoder.fast) is not None:
            refuse, participant = WeakMethod(self._refuse), UUID(self._participant)
            numbers = self._sequence, self._returned
            sender = Sender(self.session_id, participant, *numbers, self._counts, self._agents, refuse)
            client = self._client
            self._fast_path = make_fast_path(sender, encoding, door, client.seen_handlers, client.watch_signals)
            self._wants_fast_path = False

    def _record_at_length(self, event: Event) -> None:
        """Record any event: again, with an id or a time that it was given, redacted, long, where nothing is ready."""
        if not isinstance(event, Event):
            logger.warning("AgentOps: record() takes an event, like ActionEvent(...), not %s.", type(event).__name__)  # type: ignore[unreachable]
            return
        now_ns = _clock.now_ns()
        load_fast_encoder()
        self._check_process()
        self._watch_signals()
        if self._wants_fast_path:
            self._find_fast_path()
        agent: object = event.agent_id
        if agent is not None and not isinstance(agent, (UUID, str)):
            event.agent_id = to_text(agent)
        self._meet_agent(event.agent_id)
        key = self._key
        if event.recorded is not None and event.recorded[0] == key:
            _, participant, sequence = event.recorded
            payload = _wire.encode_event(event, self.session_id, participant, sequence, now_ns, self.encoder)
            self._pipeline.append(REPLACE, key, sequence, payload, self._introduce)
            return
        if type(event.given_id) is not int and _ids.find_id(event.given_id) is None:
            logger.warning("AgentOps: the event id %r is not a UUID; the event gets one.", event.given_id)
            event.given_id = _events.next_salt()
        participant = self._participant
        sequence = self._reuse_number() if self._returned else next(self._sequence)
        try:
            payload = _wire.encode_event(event, self.session_id, participant, sequence, now_ns, self.encoder)
        except BaseException:
            self._refuse(sequence)
            raise
        event.session_id = self.session_id
        if self._pipeline.append(EVENT, key, sequence, payload, self._introduce):
            event.recorded = (key, participant, sequence)
            self._counts[count_as(event.event_type)] += 1
        else:
            self._refuse(sequence)

    @guarded
    def record_span(self, kind: str, encode: Callable[[int], bytes]) -> None:
        """Keep a span of OpenTelemetry: `kind` is what it counts as, `encode` gives its JSON with a sequence number."""
        self._check_process()
        self._watch_signals()
        sequence = self._reuse_number() if self._returned else next(self._sequence)
        if self._pipeline.append(SPAN, self._key, sequence, encode(sequence), self._introduce):
            self._counts[kind] += 1
        else:
            self._refuse(sequence)

    def _check_process(self) -> None:
        """Begin anew in the child of a fork that ran no hook. The parent delivers what came before it was noticed."""
        if os.getpid() != self._pid:
            self._client.begin_in_child()
            if os.getpid() != self._pid:
                self.begin_participation()

    def _reuse_number(self) -> int:
        with self._lock:
            return self._returned.pop() if self._returned else next(self._sequence)

    def _refuse(self, sequence: int) -> None:
        """An event is not kept. Its number goes to the next one that is: what the server misses is a gap in them.

        How many were refused goes with every sign of life and with the end, and into the spool at every power of two,
        because that is full, and this grows.
        """
        with self._lock:
            self._returned.append(sequence)
            self.events_refused += 1
            if self.events_refused.bit_count() == 1:
                self._append(UPDATE, _wire.encode_refused(self, participant_id()))

    @guarded
    def hear_rejected(self, participants: Sequence[str]) -> None:
        """The server cannot take events of these: those of this process count as those do that were not kept."""
        if own := participants.count(self._participant):
            with self._lock:
                self.events_refused += own
                self._append(UPDATE, _wire.encode_refused(self, self._participant))

    def create_agent(self, name: str, agent_id: UUID | str | None = None) -> str:
        """Register an agent of this session, a named actor that events can belong to. Returns its id.

        The id is a UUID; other text stands for the same UUID each time within this session.
        """
        identity = _ids.new_id() if agent_id is None else _ids.to_id(agent_id, self.session_id)
        self._agents[str(identity if agent_id is None else agent_id)] = identity
        self._append_agent(identity, name)
        return str(identity)

    def _meet_agent(self, agent: UUID | str | None) -> None:
        """An agent that an event has by name, not by id, is one of that name, unless it was created with another."""
        if not isinstance(agent, str) or agent in self._agents:
            return
        if len(self._agents) >= _MOST_AGENTS:
            self._agents.clear()
        identity = self._agents[agent] = _ids.to_id(agent, self.session_id)
        if _ids.find_id(agent) is None:
            self._append_agent(identity, agent)

    @guarded
    def _append_agent(self, identity: UUID, name: str) -> None:
        self._append(AGENT, _wire.encode_agent(identity, name, self.encoder))

    def end_without_waiting(self, state: EndState, reason: str | None, *, is_implicit: bool) -> None:
        """End the session in the spool only, when nobody asked for its cost: blocks, signal handlers and exits."""
        self._end(state, reason, None, is_implicit=is_implicit, is_ours=True)

    @guarded
    def _end(
        self,
        state: EndState,
        reason: str | None,
        video: str | PathLike[str] | None,
        *,
        is_implicit: bool,
        is_ours: bool,
    ) -> bool:
        with self._lock:
            # A signal may come before the end that it interrupts is kept, and nothing after it.
            if self._end_is_kept and (is_ours or not self._end_is_ours):
                if not is_ours:
                    logger.warning(
                        "AgentOps: the session %s has ended already, as %s.", self.session_id, self.end_state
                    )
                return False
            self.end_timestamp = _clock.now()
            self.end_state = state.value
            self.end_state_reason = reason if reason is None else str(reason)
            self._end_is_ours = is_ours
            self.is_interrupted = False
            self._take_video(video)
            self._pipeline.leave(self._key)  # before the end can be sent: no sign of life may follow it
            self._append(UPDATE, _wire.encode_end(self, participant_id(), is_implicit))
            self._end_is_kept = True
        self._client.forget(self)
        return True

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything recorded so far is delivered; false if it is not within `timeout` seconds.

        Without a timeout, `max_wait_time` holds. A video in a local file is not waited for; `agentops.flush` does that.
        """
        seconds = self.config.max_wait_time / 1000 if timeout is None else timeout
        return self._pipeline.flush(seconds, session=self._key)

    def get_analytics(self) -> dict[str, int | str]:
        """The figures of the whole session: `LLM calls`, `Tool calls`, `Actions`, `Errors` (int),
        `Duration` and `Cost` (str).

        They come from the server, after waiting for delivery within `max_wait_time`. When it does not answer they are
        what this process knows, and that is logged.
        """
        found = self._fetch_analytics()
        if found is not None:
            return found
        logger.warning(
            "AgentOps: the server gave no figures of session %s in time; they are those of this process.",
            self.session_id,
        )
        elapsed_ms = _clock.elapsed_ms(self.init_timestamp, self.end_timestamp)
        return make_analytics(self.event_counts, elapsed_ms, self.token_cost)

    @guarded
    def _fetch_analytics(self) -> dict[str, int | str] | None:
        answer = fetch_stats(self._pipeline, self.session_id, self.config.max_wait_time / 1000)
        if answer is None:
            return None
        say_bound(self.session_id, explain_bound(answer))
        return read_analytics(answer)

    def patch(self, function: Callable[..., R]) -> Callable[..., R]:
        """The function with `session=` this session in each call: for decorated functions when several run."""

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> R:
            return function(*args, **{**kwargs, "session": self})

        return call

    @guarded
    def hear_created(self, answer: Answer) -> None:
        """The server knows the session."""
        for attribute, name in (("jwt", "jwt"), ("project_id", "project_id"), ("_url", "session_url")):
            if isinstance(value := answer.get(name), str):
                setattr(self, attribute, value)

    @guarded
    def hear_updated(self, answer: Answer) -> None:
        """The figures of the whole session so far."""
        cost = _money.find_money(answer.get("token_cost"))
        if cost is not None:
            self._cost = cost
            self._bound = explain_bound(answer)


_acceleration.add_method(Session, "record", slot="_fast_path", at_length="_record_at_length")
