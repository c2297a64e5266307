"""Fields that should be a word or a number, and hold a million values instead.

Payloads stay bytes, whatever is in them. All other fields of an event become values in memory, which take many times
the bytes of their JSON: where such a field is huge and no text, the event is refused before it is decoded.
"""

import msgspec

from agentops_server.domain.batch import DropReason
from agentops_server.wire.v2.shape import WireEvent
from agentops_server.wire.v2.values import DropError

LARGEST_VALUE_BYTES = 1 << 20

_NAMES = [field.name for field in msgspec.structs.fields(WireEvent) if field.type is not msgspec.Raw]
_Fields = msgspec.defstruct("_Fields", [(name, msgspec.Raw, msgspec.Raw()) for name in _NAMES])
_decode = msgspec.json.Decoder(_Fields).decode


def refuse_sprawl(raw: msgspec.Raw) -> None:
    """Look at a large event's fields as bytes.

    Raises:
        DropError: One is larger than can be meant.
    """
    if len(memoryview(raw)) <= LARGEST_VALUE_BYTES:
        return
    try:
        fields = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return  # it is mended first, which has a bound of its own
    for name in _NAMES:
        value = memoryview(getattr(fields, name))
        if len(value) > LARGEST_VALUE_BYTES and bytes(value[:1]) != b'"':
            raise DropError(DropReason.MALFORMED, f"{name} is larger than {LARGEST_VALUE_BYTES} bytes, and no text")
