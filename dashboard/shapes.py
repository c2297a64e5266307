"""Writes ``src/api/shapes.ts``: the types of what the server answers, as its views describe them.

    python dashboard/shapes.py

``build.py`` does it too, and a test fails while the file is not what the server describes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from agentops_server.http.key_views import KeysView, NewKeyView
from agentops_server.http.overview_views import FoundIdsView, OverviewView
from agentops_server.http.project_views import NewProjectView, ProjectsView
from agentops_server.http.series_views import SeriesView
from agentops_server.http.views import (
    ErrorView,
    EventsView,
    PricesView,
    RetentionView,
    SavingsView,
    SessionsView,
    SignedInView,
)

# What the page asks for, and with it all that these hold. An event whole is read by key, see EventContent in types.ts.
ANSWERS: tuple[type[msgspec.Struct], ...] = (
    ErrorView, EventsView, FoundIdsView, KeysView, NewKeyView, NewProjectView, OverviewView, PricesView, ProjectsView,
    RetentionView, SavingsView, SeriesView, SessionsView, SignedInView,
)  # fmt: skip
FILE = Path(__file__).parent / "src" / "api" / "shapes.ts"
_REF = "#/{name}"
_HEAD = """/**
 * The shapes of the server's answers. Written by `python dashboard/shapes.py` from the server's views; do not edit.
 */

import type { Json } from "./types";
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def render() -> str:
    """The text of the file."""
    _, shapes = msgspec.json.schema_components(ANSWERS, ref_template=_REF)
    return "\n".join([_HEAD, *(_render_shape(name, shapes[name]) for name in sorted(shapes))])


def _render_shape(name: str, shape: dict[str, Any]) -> str:
    """An interface; every field is there in every answer, whether it has a default or not."""
    fields = "".join(f"  {field}: {_type_of(schema)};\n" for field, schema in shape["properties"].items())
    return f"export interface {name} {{\n{fields}}}\n"


def _type_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix("#/")
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_iter_types(schema["anyOf"])))
    match schema.get("type"):
        case "array":
            item = _type_of(schema.get("items", {}))
            return f"({item})[]" if " " in item else f"{item}[]"
        case "object":
            return f"Record<string, {_type_of(schema.get('additionalProperties', {}))}>"
        case str(plain):
            return _PLAIN[plain]
        case _:
            return "Json"


def _iter_types(schemas: list[dict[str, Any]]) -> Iterator[str]:
    """The types of a choice, null last."""
    for schema in sorted(schemas, key=lambda each: each.get("type") == "null"):
        yield _type_of(schema)


def main() -> None:
    FILE.write_text(render())
    print(f"dashboard: wrote {FILE}", file=sys.stderr)


if __name__ == "__main__":
    main()
