"""Events with their large payloads put back, as they were sent."""

from collections.abc import Callable, Collection

import msgspec
from msgspec import structs

from agentops_server.domain.ids import ProjectId
from agentops_server.storage.objects.markers import WORD, restore
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.payloads import PAYLOADS
from agentops_server.storage.warehouse.rows import EventRow

_MARK = WORD.encode()
# What is a text and no JSON, and where a column has another name in an exported event.
_TEXTS = ("screenshot",)
_NAMES = {"tools": "tool_definitions"}
_JSONS = tuple(_NAMES.get(name, name) for name in PAYLOADS if name not in _TEXTS)
_ATTRIBUTES = "attributes"

_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_attributes = msgspec.json.Decoder(dict[str, str]).decode
_decode_text = msgspec.json.Decoder(str).decode
_encode = msgspec.json.Encoder().encode


def restore_row(objects: ObjectStore, row: EventRow) -> EventRow:
    """The row as it would be if nothing of it had gone to the object store; it still names its objects.

    Raises:
        Unavailable: The object store does not answer.
    """
    if not row.objects:
        return row
    restored = _restorer(objects, ProjectId(row.project_id), row.objects)
    changes = {field: restored(text) for field in PAYLOADS if WORD in (text := getattr(row, field))}
    attributes = {key: restored(value) for key, value in row.attributes.items()}
    return structs.replace(row, attributes=attributes, **changes)


def restore_json(objects: ObjectStore, project_id: ProjectId, names: Collection[str], event: bytes) -> bytes:
    """The same for an event as an export has it.

    Args:
        objects: Where the payloads are.
        project_id: Whose.
        names: The objects that the event's row names.
        event: Its JSON text.

    Raises:
        Unavailable: The object store does not answer.
    """
    if not names:
        return event
    restored = _restorer(objects, project_id, names)
    fields = _decode_fields(event)
    for name, value in fields.items():
        raw = bytes(value)
        if _MARK not in raw:
            continue
        if name in _JSONS:
            fields[name] = msgspec.Raw(restored(raw.decode()).encode())
        elif name in _TEXTS:
            fields[name] = msgspec.Raw(_encode(restored(_decode_text(raw))))
        elif name == _ATTRIBUTES:
            attributes = {key: restored(text) for key, text in _decode_attributes(raw).items()}
            fields[name] = msgspec.Raw(_encode(attributes))
    return _encode(fields)


def _restorer(objects: ObjectStore, project_id: ProjectId, names: Collection[str]) -> Callable[[str], str]:
    known = frozenset(names)
    return lambda text: restore(text, known, lambda name: objects.get_bytes(project_id, name))
