"""Automatic capture: the calls of known LLM libraries and agent frameworks become events of the current session.

The patches are those of well-kept OpenTelemetry instrumentors, see `_libraries`. They are given a tracer provider of
our own, so nothing global is replaced: an application's own OpenTelemetry set-up goes on as it was and gets nothing of
ours. What they report goes into the spool span by span and is read by the server, which knows the dialects.

Nothing of OpenTelemetry is imported before a known library is: by an import hook if that comes after `init()`, by the
first call of it if it came before.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from agentops._guard import guarded
from agentops._importing import ImportHook
from agentops._log import logger

from ._gates import Gates
from ._libraries import LIBRARIES, find_library

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace import SpanProcessor

    from agentops._session import Session

    from ._capturing import Capturing
    from ._libraries import Library

__all__ = ["Instrumentation"]


class Instrumentation:
    """What is captured in this process. `start` and `stop` may be called any number of times, from any thread.

    Args:
        find_session: the session that a call belongs to, asked when the call begins.
    """

    def __init__(self, find_session: Callable[[], Session | None]) -> None:
        self._find_session = find_session
        self._hook = ImportHook(self._note_import)
        self._lock = threading.RLock()
        self._capturing: Capturing | None = None
        self._is_active = False
        self._gates = Gates(self._capture)
        self._missing: set[str] = set()

    @property
    def is_active(self) -> bool:
        return self._is_active

    @property
    def captured(self) -> dict[str, str]:
        """The libraries that are captured now, each with the distribution of its instrumentor."""
        return {} if self._capturing is None else dict(self._capturing.captured)

    def start(self) -> None:
        """Capture the libraries that are imported already, and those that will be."""
        with self._lock:
            if self._is_active:
                return
            self._is_active = True
            wanted = {library.module for library in LIBRARIES}
            for library in LIBRARIES:
                if library.module not in sys.modules:
                    continue
                if library.doors and library.installed:
                    wanted |= self._gates.close(library)
                else:
                    self._capture(library)
            self._hook.install(wanted)

    def _note_import(self, module: str) -> None:
        self._gates.note_import(module)
        library = find_library(module)
        if library is not None:
            self._capture(library)

    @guarded
    def _capture(self, library: Library) -> None:
        with self._lock:
            if not self._is_active or library.title in self._missing:
                return
            if not library.installed:
                self._note_missing(library)
                return
            if self._capturing is None:
                try:
                    from ._capturing import Capturing  # noqa: PLC0415 - it imports OpenTelemetry
                except ImportError as error:
                    self._is_active = False
                    logger.warning("AgentOps cannot capture calls of %s: %s.", library.title, error)
                    return
                self._capturing = Capturing(self._find_session)
            self._capturing.capture(library)

    def _note_missing(self, library: Library) -> None:
        self._missing.add(library.title)
        if not library.is_general:
            logger.warning(
                "AgentOps does not capture the calls of %s: %s is not installed. pip install 'agentops[all]' has it; "
                "agentops.init(instrument_llm_calls=False) says that you do not want it.",
                library.title,
                library.instrumentors[0].distribution,
            )

    @guarded
    def stop(self) -> None:
        """Take every patch away again. Calls that have begun are still recorded."""
        with self._lock:
            self._is_active = False
            self._hook.uninstall()
            if self._capturing is not None:
                self._capturing.release()
            self._gates.remove()

    @guarded
    def settle(self, session: Session) -> None:
        """A session ends: what of it was still waiting is recorded."""
        if self._capturing is not None:
            self._capturing.settle(session)

    def span_processor(self) -> SpanProcessor:
        """A span processor for an application's own tracer provider: what that traces is recorded here, too."""
        from ._bridge import Bridge  # noqa: PLC0415 - it imports OpenTelemetry

        return Bridge(self._find_session)
