"""``agentops-server export``: the sessions of a project into a file, from the running server."""

import shutil
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO
from urllib.parse import urlencode

import typer

from agentops_server.cli.asking import BLOCK_BYTES, DEFAULT_URL, ApiKeyOption, ProjectOption, Url, make_asker
from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir


def export(
    output: Annotated[str, typer.Option("--output", "-o", help="The file to write; - for standard output.")] = "-",
    project: ProjectOption = None,
    api_key: ApiKeyOption = None,
    session: Annotated[str | None, typer.Option(help="Only this session.")] = None,
    since: Annotated[str | None, typer.Option(help="Sessions that started at this ISO 8601 time or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Sessions that started before this time.")] = None,
    file_format: Annotated[
        str, typer.Option("--format", help="ndjson, csv, parquet; of a session also json.")
    ] = "ndjson",
    table: Annotated[str, typer.Option(help="For CSV and Parquet: events or sessions.")] = "events",
    cursor: Annotated[str | None, typer.Option(help="The last cursor of an export that broke off.")] = None,
    url: Url = DEFAULT_URL,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Write the sessions of a project, or one of them, to a file. `agentops-server import` reads (ND)JSON back."""
    asker = make_asker(url, api_key, project, data_dir)
    given = {"format": file_format, "table": table, "since": since, "until": until, "cursor": cursor}
    query = urlencode({name: value for name, value in given.items() if value is not None})
    path = f"/v2/sessions/{session}/export" if session else "/v2/export"
    with asker.open("GET", f"{path}?{query}") as answer, _open(output) as file:
        shutil.copyfileobj(answer, file, BLOCK_BYTES)


def _open(output: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if output == "-" else Path(output).open("wb")
