"""Rows with their large payloads put back, as they were sent."""

from msgspec import structs

from agentops_server.domain.ids import ProjectId
from agentops_server.storage.objects.markers import WORD, restore
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.payloads import PAYLOADS
from agentops_server.storage.warehouse.rows import EventRow


def restore_row(objects: ObjectStore, row: EventRow) -> EventRow:
    """The row as it would be if nothing of it had gone to the object store; it still names its objects.

    Raises:
        Unavailable: The object store does not answer.
    """
    if not row.objects:
        return row
    project_id, names = ProjectId(row.project_id), frozenset(row.objects)

    def restored(text: str) -> str:
        return restore(text, names, lambda name: objects.get_bytes(project_id, name))

    changes = {field: restored(text) for field in PAYLOADS if WORD in (text := getattr(row, field))}
    attributes = {key: restored(value) for key, value in row.attributes.items()}
    return structs.replace(row, attributes=attributes, **changes)
