"""``agentops-server reprice``: price stored calls by the prices of now. It says what would change before it does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir, align, open_control_there
from agentops_server.domain.clock import LAST_NS, decode_time, now_ns
from agentops_server.domain.money import encode_money, sum_money
from agentops_server.domain.price import LONGEST_PATTERN
from agentops_server.errors import Invalid, NotFound, ServerError, Unavailable

if TYPE_CHECKING:
    from agentops_server.storage.control.repricings import PlanLine, Repricing, Repricings

POLL_S = 0.2
SERVED_POLL_S = 3.0
_COLUMNS = ("model", "calls", "other price", "other list only", "old cost", "new cost", "not known", "then")


def reprice(
    project: Annotated[str, typer.Option(help="The project's name.")],
    since: Annotated[
        str, typer.Option(help="Calls that began at this time or later: 2026-11-01, or with a time.")
    ] = "",
    until: Annotated[str, typer.Option(help="Calls that began before this time.")] = "",
    model: Annotated[str, typer.Option(help="Only this model; * stands for any characters.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Change it without asking.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Price a project's stored calls anew, beside a running server or without one.

    Costs that clients reported stay what counts. Killed at any moment, it goes on when the server does.
    """
    if len(model.strip()) > LONGEST_PATTERN:
        raise Invalid(f"--model must be a name of up to {LONGEST_PATTERN} characters, with * for any characters")
    with open_control_there(data_dir) as control:
        found = control.find_project(project)
        if found is None:
            raise NotFound(f"There is no project {project!r} in {data_dir}")
        since_ns, until_ns = _read_time(since, "--since", 0), _read_time(until, "--until", LAST_NS)
        repricing_id = control.repricings.add(found.id, since_ns, until_ns, model.strip(), now_ns())
        with _served(data_dir):
            plan = _wait(control.repricings, repricing_id, "asked", data_dir)
            changes = _show(plan.plan.lines)
            if dry_run or not changes or not (yes or typer.confirm(f"Change {changes} calls?", err=True)):
                _settle(control.repricings, repricing_id, "dropped")
                typer.echo("Nothing was changed.")
                return
            _settle(control.repricings, repricing_id, "confirmed")
            _wait(control.repricings, repricing_id, "confirmed", data_dir)
        typer.echo(f"{changes} calls were changed.")


@contextmanager
def _served(data_dir: Path) -> Iterator[None]:
    """A server's jobs: those of the one that runs on this folder, or else of this process."""
    if _is_served(data_dir):
        yield
        return
    from agentops_server.app import open_services  # noqa: PLC0415 - takes half a second
    from agentops_server.settings import Settings  # noqa: PLC0415

    with open_services(Settings(data_dir=data_dir)):
        yield


def _is_served(data_dir: Path) -> bool:
    from agentops_server.storage.warehouse.guards import lock_folder  # noqa: PLC0415

    folder = data_dir / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock_folder(folder).close()
    except Unavailable:
        return True
    return False


def _wait(repricings: "Repricings", repricing_id: UUID, state: str, data_dir: Path) -> "Repricing":
    """The repricing once it has left a state; says how far it is."""
    seen, looked_s = 0, time.monotonic()
    while (repricing := repricings.get(repricing_id)).state == state:
        if repricing.done_events != seen:
            seen = repricing.done_events
            typer.echo(f"{seen} calls changed so far", err=True)
        if time.monotonic() > looked_s + SERVED_POLL_S:
            looked_s = time.monotonic()
            if not _is_served(data_dir):
                raise Unavailable("The server has stopped; a repricing that was confirmed goes on when it starts again")
        time.sleep(POLL_S)
    if repricing.state == "failed":
        raise ServerError(f"Nothing more was changed: {repricing.failure}")
    return repricing


def _settle(repricings: "Repricings", repricing_id: UUID, state: str) -> None:
    from agentops_server.storage.control.repricings import RepricingState  # noqa: PLC0415

    repricings.change(repricing_id, RepricingState.PLANNED, state=state)


def _show(lines: "list[PlanLine]") -> int:
    """Print the plan; returns how many calls it changes."""
    rows = [_COLUMNS, *map(_to_cells, lines)]
    for line in align(rows):
        typer.echo(line)
    old, new = (sum_money(getattr(each, name) for each in lines) for name in ("old_cost", "new_cost"))
    changed, renamed = sum(each.changed for each in lines), sum(each.renamed for each in lines)
    typer.echo(
        f"{sum(each.calls for each in lines)} calls: {changed} have another price, {renamed} the same one by another "
        f"list; ${encode_money(old)} becomes ${encode_money(new)}."
    )
    return changed + renamed


def _to_cells(line: "PlanLine") -> tuple[str, ...]:
    numbers = (line.calls, line.changed, line.renamed)
    costs = (encode_money(line.old_cost), encode_money(line.new_cost))
    return (line.model or "-", *map(str, numbers), *costs, str(line.old_unknown), str(line.new_unknown))


def _read_time(text: str, option: str, default_ns: int) -> int:
    if not text.strip():
        return default_ns
    try:
        return decode_time(text if len(text.strip()) > len("2026-11-20") else f"{text.strip()}T00:00:00Z")
    except ValueError as error:
        raise Invalid(f"{option}: {error}") from None
