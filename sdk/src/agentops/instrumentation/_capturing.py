"""Loads instrumentors and lays them over their libraries. Importing this module imports OpenTelemetry."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from agentops._log import logger

from ._bridge import Bridge
from ._content import NoHook, asking_for_content
from ._first_chunks import FirstChunks
from ._resends import DOORS as RESENDING
from ._resends import Resends

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentops._session import Session

    from ._libraries import Instrumentor, Library


class TakenError(Exception):
    """The application uses a library's own tracing for itself."""


class Capturing:
    """The tracer provider of our own, and the instrumentors that report to it."""

    def __init__(self, find_session: Callable[[], Session | None]) -> None:
        self._provider = TracerProvider(resource=Resource({}), shutdown_on_exit=False)
        self._bridge = Bridge(find_session)
        self._provider.add_span_processor(self._bridge)
        self._active: dict[str, Any] = {}
        self._first_chunks = FirstChunks()
        self._resends = Resends(self._bridge.find_retries)
        self.captured: dict[str, str] = {}
        """By title, the distribution whose instrumentor captures a library."""
        self._tried: set[str] = set()

    def capture(self, library: Library) -> None:
        """Have a library's calls reported. What stands in the way is logged once and harms nothing else."""
        if library.title in self._tried:
            return
        self._tried.add(library.title)
        reasons: list[str] = []
        for choice in library.installed:
            instrumentor = self._load(choice, reasons)
            if instrumentor is not None:
                self._active[library.title] = instrumentor
                self.captured[library.title] = choice.distribution
                self._first_chunks.lay(library.streams)
                self._resends.lay(RESENDING)
                logger.debug("AgentOps captures %s with %s.", library.title, choice.distribution)
                return
        logger.warning(
            "AgentOps does not capture the calls of %s: %s. Everything else is recorded.",
            library.title,
            "; ".join(reasons),
        )

    def _load(self, choice: Instrumentor, reasons: list[str]) -> Any:
        try:
            instrumentor = getattr(import_module(choice.module), choice.name)()
            if instrumentor.is_instrumented_by_opentelemetry:
                reasons.append("the application has instrumented it itself")
                return None
            conflict = instrumentor._check_dependency_conflicts()
            # The library has been imported: if nothing was found, it is there by another name, as LangGraph by itself.
            if conflict is not None and (conflict.found or conflict.found_any):
                reasons.append(str(conflict))
                return None
            with asking_for_content():
                instrumentor.instrument(tracer_provider=self._provider, completion_hook=NoHook(), skip_dep_check=True)
        except TakenError as error:
            reasons.append(str(error))
            return None
        except Exception as error:  # noqa: BLE001 - foreign code, of any version
            reasons.append(f"{choice.distribution} fails with {error!r}")
            return None
        return instrumentor

    def settle(self, session: Session) -> None:
        """A session ends: instrumentors that wait for more to tell, tell what they know of it."""
        for instrumentor in list(self._active.values()):
            if (settle := getattr(instrumentor, "settle", None)) is not None:
                settle(lambda span: self._bridge.is_in(session, span))

    def release(self) -> None:
        """Take the instrumentors away again."""
        self._tried.clear()
        self.captured.clear()
        self._first_chunks.remove()
        self._resends.remove()
        while self._active:
            title, instrumentor = self._active.popitem()
            try:
                instrumentor.uninstrument()
            except Exception as error:  # noqa: BLE001 - foreign code
                logger.warning("AgentOps could not undo its capture of %s: %r.", title, error)
