"""``agentops-server prices``: what models cost, a project's own prices, and newer price lists."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from agentops_server.cli.keys import DEFAULT_DATA_DIR, DataDir, align, open_control_there
from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import find_uuid, new_uuid7
from agentops_server.domain.price import PER_THOUSAND, UNITS, PriceOverride, PriceTier
from agentops_server.domain.project import Project
from agentops_server.errors import Invalid, NotFound

if TYPE_CHECKING:
    from agentops_server.storage.control.store import ControlStore

app = typer.Typer(
    help="Show prices, set a project's own ones, refresh the price list.", no_args_is_help=True, rich_markup_mode=None
)

ProjectName = Annotated[str, typer.Option("--project", help="The project's name.")]
_COLUMNS = ("id", "model", "provider", "from", "to", "prices")


@app.command("list")
def list_(project: ProjectName, data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """List the prices that a project has set for itself."""
    with open_control_there(data_dir) as control:
        overrides = control.price_overrides.list_overrides(_get_project(control, project).id)
    rows = [
        (
            str(each.id),
            each.pattern,
            each.provider or "-",
            each.effective_from.isoformat(),
            each.effective_to.isoformat() if each.effective_to else "-",
            " ".join([_show_prices(each.prices), *map(_show_tier, each.tiers)]),
        )
        for each in overrides
    ]
    for line in align([_COLUMNS, *rows]):
        typer.echo(line)


@app.command("set")
def set_(
    model: Annotated[str, typer.Argument(help="A model's name; * stands for any characters.")],
    price: Annotated[list[str], typer.Argument(help="UNIT=DOLLARS, such as input=2.5 output=10 cache_read=1.25.")],
    project: ProjectName,
    provider: Annotated[str, typer.Option(help="Only calls of this provider.")] = "",
    since: Annotated[str, typer.Option(help="The first day it is for, such as 2026-11-01.")] = "1970-01-01",
    until: Annotated[str, typer.Option(help="The first day it is not for any more.")] = "",
    tier: Annotated[
        list[str] | None,
        typer.Option(help="TOKENS:UNIT=DOLLARS,…: prices of calls with a longer input: 200000:input=5,output=20."),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Set a project's own price for the models that fit a name, in force at once for calls that come from now on.

    Prices are US dollars per million tokens; per thousand for requests and web_searches. It stands in place of the
    published prices, as a whole. To price calls that are stored already: agentops-server reprice.
    """
    with open_control_there(data_dir) as control:
        override = PriceOverride(
            id=new_uuid7(),
            project_id=_get_project(control, project).id,
            pattern=model.strip().lower(),
            provider=provider.strip().lower(),
            effective_from=_read_day(since, "--since"),
            effective_to=_read_day(until, "--until") if until else None,
            prices=_read_prices(price),
            tiers=tuple(map(_read_tier, tier or [])),
            created_ns=now_ns(),
        )
        control.price_overrides.set_override(override)
    typer.echo(f"{override.id}")


@app.command()
def remove(
    override_id: Annotated[str, typer.Argument(help="The id that `prices list` shows.", metavar="ID")],
    project: ProjectName,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Remove one of a project's own prices: calls that come from now on have the published one again."""
    with open_control_there(data_dir) as control:
        control.price_overrides.remove_override(_get_project(control, project).id, _read_id(override_id))
    typer.echo(f"The price {override_id} is removed.")


@app.command()
def show(
    model: Annotated[str, typer.Argument(help="A model's name, as its calls have it.")],
    project: Annotated[str | None, typer.Option(help="A project, whose own prices come first.")] = None,
    provider: Annotated[str, typer.Option(help="The provider, as its calls have it.")] = "",
    tier: Annotated[str, typer.Option(help="A service tier: flex, priority, batch, fast.")] = "",
    day: Annotated[str, typer.Option(help="The day of the call; today by default.")] = "",
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Show what a model costs on a day, and where that is from."""
    from agentops_server.pricing.book import PriceBook  # noqa: PLC0415 - slow imports wait for their command
    from agentops_server.pricing.files import FOLDER_NAME  # noqa: PLC0415

    at = _read_day(day, "--day") if day else datetime.now(UTC).date()
    if project is None:
        prices = PriceBook(folder=data_dir / FOLDER_NAME).common()
    else:
        with open_control_there(data_dir) as control:
            book = PriceBook(control.price_overrides, data_dir / FOLDER_NAME)
            prices = book.of(_get_project(control, project).id)
    listed = prices.list_day(model, at, provider, tier)
    if not listed:
        raise NotFound(f"No price of {model!r} on {at} is known, so its calls have no cost. Set one with `prices set`")
    for each in listed:
        typer.echo(f"{each.version}, from {each.clock} UTC" if len(listed) > 1 else each.version)
        for unit, amount in each.prices.items():
            typer.echo(f"  {unit:<16} {amount:f} per {'thousand' if unit in PER_THOUSAND else 'million'}")
        for step in each.tiers:
            typer.echo(f"  above {step.above_input_tokens} input tokens: {_show_prices(step.prices)}")


@app.command()
def refresh(
    source: Annotated[
        str | None, typer.Argument(help="A file, or a URL that you name: the data.json that genai-prices publishes.")
    ] = None,
    bundled: Annotated[
        bool, typer.Option("--bundled", help="Go back to the prices that came with the server.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Put a newer list of published prices in force, within seconds for a server that runs.

    Nothing is ever fetched by itself. Calls that are stored keep their prices until `agentops-server reprice`.
    """
    from agentops_server.pricing.files import FOLDER_NAME, PriceFiles, version_of  # noqa: PLC0415
    from agentops_server.pricing.library import Library  # noqa: PLC0415

    files, now = PriceFiles(data_dir / FOLDER_NAME), datetime.now(UTC)
    if (source is None) is not bundled:
        raise Invalid("give either a file or URL, or --bundled")
    if source is None:
        files.use_bundled(now)
        typer.echo(f"{Library.bundled().version} is in force.")
        return
    content = _read_source(source)
    models = Library.decode(content, "").count_models
    typer.echo(f"{version_of(files.add(content, now))} with {models} models is in force.")


def _read_source(source: str) -> bytes:
    from agentops_server.pricing.fetching import fetch  # noqa: PLC0415

    if source.startswith(("https://", "http://")):
        return fetch(source)
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise NotFound(f"{source} cannot be read: {error.strerror}") from None


def _get_project(control: "ControlStore", name: str) -> Project:
    if (project := control.find_project(name)) is None:
        raise NotFound(f"There is no project {name!r}")
    return project


def _read_id(text: str) -> UUID:
    if (found := find_uuid(text.strip())) is None:
        raise Invalid(f"{text!r} is not an id that `agentops-server prices list` shows")
    return found


def _read_day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(f"{option}: {text!r} is not a day like 2026-11-20") from None


def _read_prices(words: list[str]) -> dict[str, Decimal]:
    prices = {}
    for word in words:
        unit, _, amount = word.partition("=")
        try:
            prices[unit.strip()] = Decimal(amount.strip())
        except InvalidOperation:
            message = f"{word!r} is not UNIT=DOLLARS such as input=2.5; the units are {', '.join(UNITS)}"
            raise Invalid(message) from None
    return prices


def _read_tier(text: str) -> PriceTier:
    above, _, prices = text.partition(":")
    if not above.strip().isascii() or not above.strip().isdigit():
        raise Invalid(f"--tier: {text!r} is not TOKENS:UNIT=DOLLARS,… such as 200000:input=5,output=20")
    return PriceTier(int(above), _read_prices(prices.split(",")))


def _show_prices(prices: Mapping[str, Decimal]) -> str:
    return " ".join(f"{unit}={amount:f}" for unit, amount in prices.items())


def _show_tier(tier: PriceTier) -> str:
    return f"above {tier.above_input_tokens}: {_show_prices(tier.prices)}"
