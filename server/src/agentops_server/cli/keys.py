"""``agentops-server keys``: make, list and revoke API keys, beside a running server or before its first start."""

import os
import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentops_server.domain.clock import encode_time
from agentops_server.domain.project import ApiKey
from agentops_server.errors import Invalid, NotFound

if TYPE_CHECKING:
    from agentops_server.storage.control.store import ControlStore

app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True, rich_markup_mode=None)

DataDir = Annotated[Path, typer.Option(envvar="AGENTOPS_DATA_DIR", help="The data directory of the server.")]
DEFAULT_DATA_DIR = Path("agentops-data")
CONTROL_VARIABLE = "AGENTOPS_CONTROL_URL"

_SHORT_ID_DIGITS = 8
_FEWEST_DIGITS = 4
_COLUMNS = ("id", "project", "label", "hint", "created", "last used", "revoked")


@app.command()
def create(
    project: Annotated[str, typer.Option(help="The project's name; it is made if it is not there.")],
    label: Annotated[str, typer.Option(help="A few words to tell the key from others.")] = "",
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Make an API key and print it, this once. It is valid at once."""
    from agentops_server.auth.keys import Keys  # noqa: PLC0415 - slow imports wait for the command that needs them
    from agentops_server.storage.control.location import make_data_dir  # noqa: PLC0415

    make_data_dir(data_dir)
    with _open_control(data_dir) as control:
        key, text = Keys(control).create(project, label)
    # The key alone on stdout, so that a script reads it as it stands.
    typer.echo(text)
    typer.echo(
        f"\nThis is an API key of the project {project.strip()!r}. It is shown only now: the server keeps a hash of it."
        "\nGive it to an agent as AGENTOPS_API_KEY or agentops.init(api_key=...), to other clients as the header"
        f"\nX-Agentops-Api-Key. To revoke it: agentops-server keys revoke {_short_id(key)}"
        f" --data-dir {shlex.quote(str(data_dir))}",
        err=True,
    )


@app.command("list")
def list_(
    project: Annotated[str | None, typer.Option(help="Only the keys of this project.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """List API keys, revoked ones too; the keys themselves are not kept and cannot be shown."""
    with open_control_there(data_dir) as control:
        projects = {each.id: each.name for each in control.list_projects()}
        wanted = None if project is None else control.find_project(project)
        if project is not None and wanted is None:
            raise NotFound(f"There is no project {project!r} in {data_dir}")
        keys = control.list_keys(None if wanted is None else wanted.id)
    rows = [_to_cells(key, projects[key.project_id]) for key in keys]
    for line in align([_COLUMNS, *rows]):
        typer.echo(line)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The id that `keys list` shows, or the API key itself.", metavar="ID")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Revoke an API key for ever. It is refused at once."""
    with open_control_there(data_dir) as control:
        chosen = _choose(control, key)
        revoked = control.revoke_key(chosen.id)
    when = f"was revoked already, at {_show_time(chosen.revoked_ns)}" if chosen.revoked_ns else "is revoked"
    typer.echo(f"The API key {_short_id(revoked)} (ends in {revoked.hint}) {when}.")


@contextmanager
def _open_control(data_dir: Path) -> "Iterator[ControlStore]":
    from agentops_server.storage.control.location import control_url  # noqa: PLC0415
    from agentops_server.storage.control.store import ControlStore  # noqa: PLC0415

    control = ControlStore.open(control_url(data_dir, os.environ.get(CONTROL_VARIABLE)))
    try:
        control.migrate()
        yield control
    finally:
        control.close()


@contextmanager
def open_control_there(data_dir: Path) -> "Iterator[ControlStore]":
    """The control store of a data directory that a server has used; raise `NotFound` for another folder."""
    from agentops_server.storage.control.location import FILE_NAME  # noqa: PLC0415

    if not os.environ.get(CONTROL_VARIABLE) and not (data_dir / FILE_NAME).is_file():
        raise NotFound(f"There is no {FILE_NAME} in {data_dir}: give the server's data directory with --data-dir")
    with _open_control(data_dir) as control:
        yield control


def _choose(control: "ControlStore", text: str) -> ApiKey:
    digits = text.strip().lower().replace("-", "")
    if len(digits) < _FEWEST_DIGITS:
        raise Invalid(f"{text!r} is too short: give the id that `agentops-server keys list` shows")
    matches = [key for key in control.list_keys() if key.id.hex.startswith(digits)]
    if len(matches) > 1:
        ids = ", ".join(key.id.hex for key in matches)
        raise Invalid(f"{text!r} could be {len(matches)} API keys ({ids}): give more digits")
    found = matches[0] if matches else control.find_key(text)
    if found is None:
        raise NotFound(f"There is no API key {text!r}: `agentops-server keys list` shows their ids")
    return found


def _short_id(key: ApiKey) -> str:
    return key.id.hex[:_SHORT_ID_DIGITS]


def _to_cells(key: ApiKey, project_name: str) -> tuple[str, ...]:
    used, revoked = (_show_time(ns) if ns else "-" for ns in (key.last_used_ns, key.revoked_ns))
    return (_short_id(key), project_name, key.label or "-", f"…{key.hint}", _show_time(key.created_ns), used, revoked)


def _show_time(ns: int) -> str:
    return encode_time(ns)[: len("2026-11-20T16:50:19")] + "Z"


def align(rows: list[tuple[str, ...]]) -> Iterable[str]:
    """The lines of a table."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
