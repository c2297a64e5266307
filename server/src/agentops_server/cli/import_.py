"""``agentops-server import``: an export back into a project of the running server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from agentops_server.cli.asking import BLOCK_BYTES, DEFAULT_URL, ApiKeyOption, ProjectOption, Url, make_asker
from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir
from agentops_server.errors import Invalid, NotFound


class _Head(msgspec.Struct):
    """What a file begins with, where that is the first of many lines."""

    type: str = ""


def import_(
    file: Annotated[Path, typer.Argument(help="NDJSON or JSON of `agentops-server export`, or AgentOps' own export.")],
    project: ProjectOption = None,
    api_key: ApiKeyOption = None,
    url: Url = DEFAULT_URL,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Store an export in a project, with the ids, times and costs that it has. To do it again changes nothing."""
    if not file.is_file():
        raise NotFound(f"There is no file {file}")
    asker = make_asker(url, api_key, project, data_dir)
    with file.open("rb") as opened, asker.open("POST", "/v2/import", _iter_body(opened)) as answer:
        result = msgspec.json.decode(answer.read())
    for problem in result["rejected"]:
        typer.echo(f"line {problem['line']}: {problem['reason']}: {problem['message']}", err=True)
    counts = ", ".join(f"{result[name]} {name}" for name in ("sessions", "agents", "events"))
    typer.echo(f"Imported {counts}; {result['rejected_count']} refused.")
    if result["rejected_count"]:
        raise typer.Exit(1)


def _iter_body(file: BinaryIO) -> Iterator[bytes]:
    """The file as it is where it consists of lines; a document as one line, or one for each of a list."""
    first = file.readline()
    file.seek(0)
    if _is_line(first):
        while block := file.read(BLOCK_BYTES):
            yield block
        return
    try:
        document = msgspec.json.decode(file.read())
    except msgspec.DecodeError as error:
        raise Invalid(f"{file.name} is neither NDJSON nor JSON: {error}") from None
    for each in document if isinstance(document, list) else [document]:
        yield msgspec.json.encode(each) + b"\n"


def _is_line(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=_Head)
    except msgspec.MsgspecError:
        return False
    return True
