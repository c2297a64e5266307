"""``agentops-server migrate``: bring both stores to the schema of this version, or say what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentops_server.settings import Settings


def migrate(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which migrations are missing.")] = False,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over",
            help="Make a ClickHouse warehouse that of this data directory. The server that had it must have ended.",
        ),
    ] = False,
) -> None:
    """Bring the control store and the warehouse to the schema of this version. `serve` does it too, when it starts."""
    from agentops_server.cli.serve import read_settings  # noqa: PLC0415 - slow imports wait for their command

    settings = read_settings(data_dir)
    steps = (_find_missing if dry_run else _migrate)(settings, take_over=take_over)
    done = "is missing" if dry_run else "applied"
    for plane, names in steps.items():
        for name in names:
            typer.echo(f"{plane}: {name} {done}")
        if not names:
            typer.echo(f"{plane}: up to date")


def _migrate(settings: "Settings", *, take_over: bool) -> "dict[str, Sequence[str]]":
    from agentops_server.storage.control.location import control_url, make_data_dir  # noqa: PLC0415
    from agentops_server.storage.control.store import ControlStore  # noqa: PLC0415
    from agentops_server.storage.warehouse import migrations  # noqa: PLC0415
    from agentops_server.storage.warehouse.location import open_warehouse  # noqa: PLC0415

    make_data_dir(settings.data_dir)
    control = ControlStore.open(control_url(settings.data_dir, settings.control_url))
    in_control = control.migrate()
    control.close()
    warehouse = open_warehouse(
        settings.warehouse_url, settings.data_dir, query_timeout_s=settings.query_timeout_s, take_over=take_over
    )
    in_warehouse = migrations.migrate(warehouse)
    warehouse.close()
    return {"control store": in_control, "warehouse": in_warehouse}


def _find_missing(settings: "Settings", *, take_over: bool) -> "dict[str, Sequence[str]]":
    """It opens only what is there, so that nothing is made."""
    del take_over  # what is missing does not depend on whose it is
    return {"control store": _missing_in_control(settings), "warehouse": _missing_in_warehouse(settings)}


def _missing_in_control(settings: "Settings") -> "Sequence[str]":
    from agentops_server.storage.control import migration  # noqa: PLC0415
    from agentops_server.storage.control.location import FILE_NAME, control_url  # noqa: PLC0415
    from agentops_server.storage.control.store import ControlStore  # noqa: PLC0415

    if not settings.control_url and not (settings.data_dir / FILE_NAME).exists():
        return migration.list_after(None)
    control = ControlStore.open(control_url(settings.data_dir, settings.control_url))
    missing = control.find_missing_migrations()
    control.close()
    return missing


def _missing_in_warehouse(settings: "Settings") -> "Sequence[str]":
    from agentops_server.storage.warehouse import migrations  # noqa: PLC0415
    from agentops_server.storage.warehouse.location import FOLDER_NAME, connect_warehouse  # noqa: PLC0415

    if not settings.warehouse_url and not _is_made(settings.data_dir / FOLDER_NAME):
        return [each.name for each in migrations.list_shipped()]
    warehouse = connect_warehouse(settings.warehouse_url, settings.data_dir, query_timeout_s=settings.query_timeout_s)
    missing = migrations.find_missing(warehouse)
    warehouse.close()
    return [each.name for each in missing]


def _is_made(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
