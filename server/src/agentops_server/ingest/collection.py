"""Deleting objects that no row refers to, and never one that a row does or is about to."""

from collections.abc import Iterable

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.references import find_referenced

NAMES_AT_ONCE = 1000


def collect_unused(
    warehouse: Warehouse, objects: ObjectStore, project_id: ProjectId, names: Iterable[MediaName]
) -> list[MediaName]:
    """Delete those of these objects that are not used; returns them.

    Args:
        warehouse: One whose queries wait until what was acknowledged is readable.
        objects: Where the objects are.
        project_id: Whose they are.
        names: Which ones to look at.
    """
    wanted = list(dict.fromkeys(names))
    deleted: list[MediaName] = []
    for start in range(0, len(wanted), NAMES_AT_ONCE):
        some = wanted[start : start + NAMES_AT_ONCE]
        with objects.claims.open_round() as opened:
            referenced = find_referenced(warehouse, project_id, some)
            unused = [name for name in some if name not in referenced]
            deleted += [name for name in unused if opened.delete((project_id, name), objects.delete)]
    return deleted
