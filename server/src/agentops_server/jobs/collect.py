"""The collector: deletes objects that no row refers to, once they are old enough to be nobody's any more.

They come from a kill between an object and its row, from uploads that no session named, and from payloads that
retention emptied. What a row refers to, or is about to, is never deleted: see `storage.objects.claims`.
"""

from datetime import UTC, datetime

from agentops_server.domain.ids import ProjectId
from agentops_server.ingest.collection import collect_unused
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.objects.store import GRACE, ObjectStore
from agentops_server.storage.warehouse.port import Warehouse

PAUSE_S = 6 * 3600.0
# The part of one core that looking may take.
SHARE = 0.05


class Collector:
    """Looks at the objects of all projects."""

    def __init__(self, control: ControlStore, warehouse: Warehouse, objects: ObjectStore) -> None:
        self._control = control
        self._warehouse = warehouse
        self._objects = objects

    def run(self) -> None:
        """One turn, now."""
        self.collect(datetime.now(UTC))

    def collect(self, at: datetime) -> int:
        """Delete what was last used longer ago than the time of grace; returns how many objects."""
        return sum(self._collect(project.id, at) for project in self._control.list_projects())

    def _collect(self, project_id: ProjectId, at: datetime) -> int:
        deleted = 0
        for page in self._objects.iter_objects(project_id):
            old = [found.name for found in page if at - found.used_at > GRACE]
            deleted += len(collect_unused(self._warehouse, self._objects, project_id, old))
        return deleted
