"""Client: the configuration, the open sessions, and the pipelines that they share."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from . import _context, _ids, _process
from ._config import BY_NAME, Configuration
from ._events import EndState
from ._exits import Exits
from ._face import Face
from ._guard import guarded
from ._log import logger, put_back_log, set_up_log
from ._pipeline import open_pipeline
from ._program import find_program_name
from ._session import Session
from ._traits import read_tags
from .exceptions import ConfigurationError, NoSessionError

if TYPE_CHECKING:
    from ._pipeline import Pipeline
    from ._protocol import Listener
    from ._traits import Tags
    from ._transport import Answer
    from .instrumentation import Instrumentation

_IMPORT_SECONDS = 2.0
_PIPELINE_OPTIONS = (
    *("endpoint", "api_key", "parent_key", "spool_dir"),
    *("spool_quota_bytes", "max_queue_size", "flush_interval", "heartbeat_interval"),
)
"""Sessions that have these in common share a worker. A limit of one session is no other's."""
_NONE_OPEN = "there is no session: call agentops.init() or agentops.start_session() first"
_SEVERAL_OPEN = (
    "{count} sessions are open and none of them is current: call the method of the session itself, or do it inside "
    "`with session:`"
)


class Client(Face):
    """What `agentops.init()` makes. There is one per process: `Client()` gives that one."""

    _instance: Client | None = None
    open_pipeline: staticmethod[[Configuration, Listener], Pipeline] = staticmethod(open_pipeline)

    def __new__(cls) -> Client:  # noqa: PYI034 - one per process, not one per class
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance._start_over()
        return cls._instance

    def _start_over(self) -> None:
        self._config: Configuration | None = None
        self._open: dict[UUID, Session] = {}
        self._interrupted: list[Session] = []
        self._known: WeakValueDictionary[UUID, Session] = WeakValueDictionary()
        self._pipelines: dict[tuple[object, ...], Pipeline] = {}
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._warnings: list[str] = []
        self._exits = Exits(self)
        self._instrumentation: Instrumentation | None = None

    @property
    def config(self) -> Configuration:
        """The options that later sessions get."""
        return self._config or Configuration()

    @property
    def instrumentation(self) -> Instrumentation:
        """What records the calls of known LLM libraries."""
        if self._instrumentation is None:
            from .instrumentation import Instrumentation  # noqa: PLC0415 - importing us must stay quick

            self._instrumentation = Instrumentation(self.find_current)
        return self._instrumentation

    def stop_instrumenting(self) -> None:
        """Take back what records the calls of LLM libraries."""
        if self._instrumentation is not None:
            self._instrumentation.stop()

    @property
    def is_initialized(self) -> bool:
        return self._config is not None

    @property
    def sessions(self) -> list[Session]:
        """The sessions that are running in this process, oldest first."""
        return list(self._open.values())

    @property
    def session_count(self) -> int:
        return len(self._open)

    @property
    def has_sessions(self) -> bool:
        return bool(self._open)

    @property
    def is_multi_session(self) -> bool:
        return len(self._open) > 1

    @property
    def current_session_ids(self) -> list[str]:
        return [str(session_id) for session_id in self._open]

    def get_session(self, session_id: UUID | str) -> Session | None:
        """The running session with this id, UUID or str; None if none has it. The name is SDK 0.3's."""
        return self.find_session(session_id)

    def add_default_tags(self, tags: Tags) -> None:
        """Append to the tags that later sessions get."""
        self.configure(default_tags=(*self.config.default_tags, *read_tags(tags)))

    def get_default_tags(self) -> list[str]:
        """The tags that later sessions get."""
        return list(self.config.default_tags)

    def add_pre_init_warning(self, message: str) -> None:
        """Have `init` log a warning: for what goes wrong before it is known how to log."""
        self._warnings.append(message)

    def configure(self, **options: object) -> None:
        """Set options for later sessions. One that cannot be used is logged and left as it was."""
        config = self.config
        try:
            self._config = config.with_changes(**options)
        except ConfigurationError:
            for name, value in options.items():
                config = _with_usable(config, name, value)
            self._config = config

    def initialize(
        self, inherited_session_id: UUID | str | None, options: dict[str, object], name: str | None = None
    ) -> Session | None:
        """Configure, and start a session unless that is switched off or one is running, which is returned then."""
        if self._open:
            logger.warning("AgentOps is initialised already; the running session goes on. End it to start another one.")
            return self.find_current() or self.sessions[-1]
        self.configure(**options)
        set_up_log(self.config.log_level, self.config.log_to_file)
        while self._warnings:
            logger.warning("AgentOps: %s", self._warnings.pop(0))
        self._exits.install()
        if self.config.instrument_llm_calls:
            self.instrumentation.start()
        if self.config.auto_start_session or inherited_session_id is not None:
            return self.start_session(None, None, inherited_session_id, name)
        self._pipeline_for(self.config)  # what earlier processes left behind need not wait for a session
        return None

    def start_session(
        self,
        tags: object,
        config: Configuration | None,
        inherited_session_id: UUID | str | None,
        name: str | None = None,
    ) -> Session:
        """Start or join a session. It has a copy of the client's options, with those of `config` over them."""
        if self._config is None:
            self._config = Configuration()
        self._exits.install()
        if config is not None and not isinstance(config, Configuration):
            kind = type(config).__name__  # type: ignore[unreachable]
            logger.warning("AgentOps: config is an agentops.Configuration; this %s is none, and ignored.", kind)
            config = None
        effective = self.config if config is None else self.config.overlaid_by(config)
        session_id = _ids.new_id()
        if inherited_session_id is not None:
            found = _ids.find_id(inherited_session_id)
            if found is None:
                logger.warning("AgentOps: %r is not a session id; a new session begins.", inherited_session_id)
            elif found in self._open:
                logger.warning("AgentOps: the session %s runs in this process already.", found)
                return self._open[found]
            else:
                session_id = found
        all_tags = [*effective.default_tags, *read_tags(tags)]
        pipeline = self._pipeline_for(effective)
        is_inherited = session_id == _ids.find_id(inherited_session_id)
        name = name or effective.session_name or (None if is_inherited else find_program_name())
        session = Session(session_id, effective, pipeline, self, all_tags, is_inherited, name)
        self._interrupted = []
        self._known[session_id] = session
        self._open[session_id] = session
        session.begin()
        return session

    def _pipeline_for(self, config: Configuration) -> Pipeline:
        key = tuple(getattr(config, name) for name in _PIPELINE_OPTIONS)
        with self._lock:
            if key not in self._pipelines:
                self._pipelines[key] = self.open_pipeline(config, self)
            return self._pipelines[key]

    def find_current(self) -> Session | None:
        """The session of the current context, else the only one; None if that is not clear."""
        current = _context.find_session()
        if current is not None:
            return current
        running = self.sessions or self._interrupted
        return running[0] if len(running) == 1 else None

    def get_current(self) -> Session:
        """The session of the current context, else the only one. NoSessionError: the message says what to do."""
        session = self.find_current()
        if session is None:
            raise NoSessionError(_SEVERAL_OPEN.format(count=len(self._open)) if self._open else _NONE_OPEN)
        return session

    def find_session(self, session_id: UUID | str) -> Session | None:
        """The running session with this id."""
        found = _ids.find_id(session_id)
        return None if found is None else self._open.get(found)

    def forget(self, session: Session) -> None:
        """The session has ended."""
        if self._instrumentation is not None:
            self._instrumentation.settle(session)
        self._interrupted = [other for other in self._interrupted if other is not session]
        self._open.pop(session.session_id, None)

    def end_all(self, state: EndState, reason: str | None, *, is_implicit: bool) -> None:
        """End every session that this process started, without waiting. Those of a parent process go on without it."""
        for session in self.sessions:
            if session.is_owned:
                session.end_without_waiting(state, reason, is_implicit=is_implicit)
            elif session.takes_part:
                session.end_without_waiting(EndState.INDETERMINATE, "A forked process ended", is_implicit=True)

    def end_all_sessions(self) -> None:
        """End every running session as Indeterminate and wait for delivery, `max_wait_time` in all."""
        self.end_all(EndState.INDETERMINATE, None, is_implicit=False)
        self.flush()

    def interrupt_all(self, reason: str) -> None:
        """A signal ends every session. A host that goes on for a while still speaks of the session that it was in."""
        interrupted = self.sessions
        self.end_all(EndState.FAILURE, reason, is_implicit=False)
        for session in interrupted:
            session.is_interrupted = True
        self._interrupted = interrupted or self._interrupted

    def flush(self, timeout_seconds: float | None = None, *, and_adopted: bool = False) -> bool:
        """Wait until everything recorded is delivered, to all destinations; false if it is not in time."""
        seconds = self.config.max_wait_time / 1000 if timeout_seconds is None else timeout_seconds
        deadline = time.monotonic() + seconds
        delivered = True
        for pipeline, ticket in self._begin_flush(and_adopted=and_adopted):
            left = max(0.0, deadline - time.monotonic())
            delivered &= pipeline.flush(left, and_adopted=and_adopted, ticket=ticket)
        return delivered

    def _begin_flush(self, *, and_adopted: bool) -> list[tuple[Pipeline, int]]:
        """All of them begin before the first is waited for: one that hangs uses up nobody else's time."""
        pipelines = list(self._pipelines.values())
        return [(pipeline, pipeline.begin_flush(and_adopted=and_adopted)) for pipeline in pipelines]

    @guarded
    def await_imports(self) -> None:
        """Wait until the workers have imported what they need, but not long."""
        for pipeline in list(self._pipelines.values()):
            pipeline.await_imports(_IMPORT_SECONDS)

    @property
    def watch_signals(self) -> Callable[[], None]:
        """What keeps our signal handlers in place."""
        return self._exits.watch_signals

    @property
    def seen_handlers(self) -> Mapping[int, object]:
        """The signal handlers that it found when it looked last, by the number of the signal."""
        return self._exits.seen_handlers

    @guarded
    def exit(self) -> None:
        """The process ends: so do its sessions, and what is recorded gets `max_wait_time` to be delivered."""
        self.end_all(EndState.INDETERMINATE, "The process ended without a call of end_session", is_implicit=True)
        began, seconds = time.monotonic(), self.config.max_wait_time / 1000
        for pipeline, ticket in self._begin_flush(and_adopted=True):
            left = pipeline.seconds_left(seconds) - (time.monotonic() - began)
            pipeline.flush(max(0.0, left), and_adopted=True, ticket=ticket)
            pipeline.tidy()

    @guarded
    def prepare_fork(self) -> None:
        """Before a fork: all is imported, and nobody has a store."""
        self.await_imports()
        for pipeline in list(self._pipelines.values()):
            pipeline.prepare_fork()

    @guarded
    def begin_in_child(self) -> None:
        """In a forked child: other locks, another spool segment, another participant; the sessions go on.

        Once: by our hook, or before it by what a hook of the host records. No signal handler comes in between.
        """
        if self._pid == os.getpid():
            return
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            if self._pid == os.getpid():  # a handler recorded at the last moment
                return
            self._pid = os.getpid()
            self._lock = threading.RLock()
            self._exits.begin_in_child()
            for pipeline in self._pipelines.values():
                pipeline.reset_after_fork()
            for session in self._known.values():
                session.begin_participation()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    @guarded
    def go_on(self) -> None:
        """Deliver what was recorded in a forked child before our hook, when no thread could be started."""
        for pipeline in list(self._pipelines.values()):
            pipeline.go_on()

    def close(self) -> None:
        """End the sessions as at an exit, stop the workers and put back what was hooked."""
        self.exit()
        self.stop_instrumenting()
        self._exits.uninstall()
        for pipeline in self._pipelines.values():
            pipeline.close()
        put_back_log()
        self._start_over()

    def hear_created(self, session_id: UUID, answer: Answer) -> None:
        """The server knows a session; called by the worker."""
        session = self._known.get(session_id)
        if session is not None:
            session.hear_created(answer)

    def hear_updated(self, session_id: UUID, answer: Answer) -> None:
        """The server gives a session's figures; called by the worker."""
        session = self._known.get(session_id)
        if session is not None:
            session.hear_updated(answer)

    def hear_rejected(self, session_id: UUID, participants: Sequence[str]) -> None:
        """The server will never take events of a session, one of each of these; called by the worker."""
        session = self._known.get(session_id)
        if session is not None:
            session.hear_rejected(participants)


def _with_usable(config: Configuration, name: str, value: object) -> Configuration:
    try:
        return config.with_changes(**{name: value})
    except ConfigurationError as error:
        stand_in = BY_NAME[name].refused if name in BY_NAME else None
        logger.error("AgentOps: %s. %s", error, "It is left as it was." if stand_in is None else f"Used: {stand_in!r}.")
        return config if stand_in is None else config.with_changes(**{name: stand_in})


def _prepare_fork() -> None:
    """A child that is forked in the middle of an import has half a module for ever: those of the workers come first."""
    _process.begin_fork()
    if Client._instance is not None:
        Client._instance.prepare_fork()


def _begin_in_child() -> None:
    _process.begin_in_child()
    if Client._instance is not None:
        Client._instance.begin_in_child()
        Client._instance.go_on()


if hasattr(os, "register_at_fork"):
    # Later than logging does, so that ours comes first: it waits for imports that take logging's lock.
    os.register_at_fork(before=_prepare_fork, after_in_parent=_process.end_fork, after_in_child=_begin_in_child)
