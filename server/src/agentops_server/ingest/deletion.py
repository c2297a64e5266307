"""Deleting sessions and projects, so that they are gone, stay gone, and can be shown to be gone.

First a tombstone is kept, which no later step can undo: from then on nothing of the session gets in. Then its rows
are hidden from every reader, and objects that nobody else refers to are deleted. That is done when a caller gets its
answer. The job of purging rewrites what holds the hidden bytes; after a crash it first does what is missing.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.retention import WHOLE_PROJECT, Tombstone
from agentops_server.errors import Unavailable
from agentops_server.ingest.collection import collect_unused
from agentops_server.ingest.writer import Writer
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.control.tombstones import Tombstones
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.objects.uploads import Uploads
from agentops_server.storage.warehouse.erasing import (
    erase_project,
    erase_sessions,
    wait_for_mutations,
)
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.references import find_known, list_objects

logger = logging.getLogger(__name__)

HIDE_TIMEOUT_S = 25.0
PURGE_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True)
class Deletion:
    """What it takes to delete. The warehouse must be one whose queries wait for what was acknowledged."""

    warehouse: Warehouse
    writer: Writer
    control: ControlStore
    tombstones: Tombstones
    objects: ObjectStore
    uploads: Uploads

    def delete_sessions(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[SessionId]:
        """Delete those of these sessions that the project has; returns them. When it returns, no reader sees them.

        Raises:
            Unavailable: The storage did not do it all in time; it will, or do it again.
        """
        known = find_known(self.warehouse, project_id, list(dict.fromkeys(session_ids)))
        if not known:
            return []
        at_ns = now_ns()
        self.tombstones.add([Tombstone(project_id, session_id, at_ns) for session_id in known])
        self.erase(project_id, known)
        return known

    def erase(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> None:
        """Hide all rows of these sessions and delete their objects, without a tombstone."""
        names = list_objects(self.warehouse, project_id, session_ids)
        with self._loader_apart():
            erase_sessions(self.warehouse, project_id, session_ids)
            self._wait(HIDE_TIMEOUT_S)
        collect_unused(self.warehouse, self.objects, project_id, names)
        for session_id in session_ids:
            self.uploads.forget(project_id, session_id)

    def delete_project(self, project_id: ProjectId) -> None:
        """Delete a project: its keys first, so that nobody gets in any more, then all that it has.

        Raises:
            NotFound: There is no such project.
            Unavailable: The storage did not do it all in time; it will, or do it again.
        """
        self.control.delete_project(project_id)
        self.tombstones.refresh()
        self._erase_project(project_id)

    def _erase_project(self, project_id: ProjectId) -> None:
        with self._loader_apart():
            erase_project(self.warehouse, project_id)
            self._wait(HIDE_TIMEOUT_S)
        for page in self.objects.iter_objects(project_id):
            for found in page:
                self.objects.delete(project_id, found.name)
        self.uploads.forget(project_id)

    def wait_for_mutations(self) -> None:
        """Wait, for minutes if need be, until the engine has done what it was asked to; raise `Unavailable` after."""
        self._wait(PURGE_TIMEOUT_S)

    def erase_again(self, stones: Sequence[Tombstone]) -> None:
        """What a crash left, and what a job wrote that had read the session before it was deleted."""
        by_project: dict[ProjectId, list[SessionId]] = {}
        for stone in stones:
            by_project.setdefault(stone.project_id, []).append(stone.session_id)
        for project_id, session_ids in by_project.items():
            if WHOLE_PROJECT in session_ids:
                self._erase_project(project_id)
            else:
                self.erase(project_id, session_ids)

    @contextmanager
    def _loader_apart(self) -> Iterator[None]:
        """Erase what the loader stored, and let it know nothing of it any more.

        What it is storing passed before the tombstone; whatever it takes up from then on does not.
        """
        with self.writer.held():
            pass
        try:
            yield
        finally:
            with self.writer.held():
                pass

    def _wait(self, timeout_s: float) -> None:
        if not wait_for_mutations(self.warehouse, timeout_s):
            raise Unavailable(
                "the warehouse is still deleting; nothing of it comes back, and it goes on: ask again in a minute"
            )
