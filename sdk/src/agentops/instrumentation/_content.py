"""Messages for the spans of OpenTelemetry's own instrumentors.

They leave messages out unless an environment variable asks for them, which would put them into the application's own
traces as well. A completion hook gets them for each call alone, and puts them on a span that only we see.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from agentops._encoding import encode_plain
from agentops._guard import attempt
from agentops._plain import to_plain

if TYPE_CHECKING:
    from opentelemetry.trace import Span

_ATTRIBUTES = {
    "inputs": "gen_ai.input.messages",
    "outputs": "gen_ai.output.messages",
    "system_instruction": "gen_ai.system_instructions",
    "tool_definitions": "gen_ai.tool.definitions",
}
"""Names of OpenTelemetry's semantic conventions for generative AI, 1.37."""


class MessageHook:
    """A completion hook, as `opentelemetry.util.genai` calls it at the end of each call."""

    def on_completion(self, *, span: Span | None = None, **content: Any) -> None:
        if span is not None:
            attempt(self._keep, None, span, content)

    def _keep(self, span: Span, content: dict[str, Any]) -> None:
        for name, attribute in _ATTRIBUTES.items():
            value = content.get(name)
            if value:
                span.set_attribute(attribute, encode_plain(to_plain(_fields_of(value))).decode())


def _fields_of(value: Any) -> Any:
    """Dataclasses as objects, without what is not set."""
    if isinstance(value, (list, tuple)):
        return [_fields_of(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _fields_of(item) for name, item in fields.items() if item is not None}
    return value
