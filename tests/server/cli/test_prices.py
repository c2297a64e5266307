"""``agentops-server prices``, beside a control store that a server holds open, and beside a server that runs."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from genai_prices.data_snapshot import get_snapshot

from agentops_server.domain.event import Usage
from agentops_server.pricing.book import PriceBook
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from tests.server.making import NOON_NS

from .conftest import Command

PATIENCE_S = 30
ACME = {
    "id": "acme",
    "name": "Acme",
    "api_pattern": "https://api\\.acme\\.example",
    "model_match": {"starts_with": "acme-"},
    "models": [{"id": "acme-1", "match": {"equals": "acme-1"}, "prices": {"input_mtok": 2, "output_mtok": 4}}],
}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def server(data_dir: Path) -> Iterator[ControlStore]:
    """A control store that stays open, as a running server keeps it."""
    store = ControlStore.open(control_url(data_dir))
    store.migrate()
    store.create_project("demo")
    yield store
    store.close()


@pytest.fixture
def book(server: ControlStore, data_dir: Path) -> PriceBook:
    """The price book of that server, which has priced before."""
    book = PriceBook(server.price_overrides, data_dir / "prices")
    book.common()
    return book


def cost(book: PriceBook, server: ControlStore, model: str) -> Decimal | None:
    project = server.find_project("demo")
    assert project is not None
    found = book.of(project.id).price(model, Usage(1_000_000, 0), NOON_NS)
    return None if found is None else found.amount


def test_a_price_is_in_force_at_once_and_listed_and_gone_when_removed(
    command: Command, server: ControlStore, book: PriceBook, data_dir: Path
) -> None:
    where = ("--project", "demo", "--data-dir", data_dir)
    outcome = command("prices", "set", "House-*", "input=1.5", "output=2", "--tier", "100:input=9", *where)
    assert outcome.code == 0, outcome.err
    price_id = outcome.out.strip()
    assert cost(book, server, "house-7b") == 9

    listed = command("prices", "list", *where).out.splitlines()
    assert listed[1].split() == [
        price_id,
        "house-*",
        "-",
        "1970-01-01",
        "-",
        "input=1.5",
        "output=2",
        "above",
        "100:",
        "input=9",
    ]

    assert command("prices", "remove", price_id, *where).code == 0
    assert cost(book, server, "house-7b") is None


def test_a_price_holds_from_its_first_day_to_its_last(
    command: Command, server: ControlStore, book: PriceBook, data_dir: Path
) -> None:
    where = ("--project", "demo", "--data-dir", data_dir)
    command("prices", "set", "gpt-4o", "input=1", "output=1", "--since", "2026-11-20", "--until", "2026-11-21", *where)
    project = server.find_project("demo")
    assert project is not None
    day_ns = 86_400 * 10**9
    costs = [book.of(project.id).price("gpt-4o", Usage(1_000_000, 0), NOON_NS + days * day_ns) for days in (-1, 0, 1)]
    assert [price.amount for price in costs if price] == [Decimal("2.5"), 1, Decimal("2.5")]


def test_the_most_literal_pattern_stands_and_one_for_a_provider_above_it(
    command: Command, server: ControlStore, book: PriceBook, data_dir: Path
) -> None:
    where = ("--project", "demo", "--data-dir", data_dir)
    for pattern, price, *options in (
        ("*", "input=1"),
        ("house-7b", "input=2"),
        ("house-*", "input=3"),
        ("house-7b", "input=4", "--provider", "acme"),
    ):
        assert command("prices", "set", pattern, price, *options, *where).code == 0
    project = server.find_project("demo")
    assert project is not None
    prices = book.of(project.id)
    found = [
        prices.price(model, Usage(1_000_000, 0), NOON_NS, provider)
        for model, provider in (
            ("gpt-4o", ""),
            ("house-7b", ""),
            ("house-8b", ""),
            ("house-7b", "Acme"),
            ("house-7b", "other"),
        )
    ]
    assert [price.amount for price in found if price] == [1, 2, 3, 4, 2]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("set", "m", "input"), "UNIT=DOLLARS"),
        (("set", "m", "words=1"), "words"),
        (("set", "m", "input=-1"), "prices.input"),
        (("set", "m", "input=1", "--since", "soon"), "--since"),
        (("set", "m", "input=1", "--tier", "x:input=1"), "--tier"),
        (("remove", "5"), "prices list"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_remedy(
    command: Command, server: ControlStore, data_dir: Path, arguments: tuple[str, ...], named: str
) -> None:
    outcome = command("prices", *arguments, "--project", "demo", "--data-dir", data_dir)
    assert outcome.code == 1
    assert named in outcome.err
    assert "Traceback" not in outcome.err


def test_a_project_that_is_not_there_is_named(command: Command, server: ControlStore, data_dir: Path) -> None:
    outcome = command("prices", "list", "--project", "nobody", "--data-dir", data_dir)
    assert (outcome.code, "'nobody'" in outcome.err) == (1, True)


def test_show_says_what_a_model_costs_and_by_which_list(command: Command, data_dir: Path) -> None:
    outcome = command("prices", "show", "gpt-4o", "--day", "2026-11-20", "--data-dir", data_dir)
    assert outcome.code == 0
    lines = [line.split() for line in outcome.out.splitlines()]
    assert lines[0][0] == "genai-prices"
    assert lines[1] == ["input", "2.5", "per", "million"]


def test_show_of_an_unknown_model_says_what_to_do(command: Command, data_dir: Path) -> None:
    outcome = command("prices", "show", "no-such-model", "--data-dir", data_dir)
    assert (outcome.code, "prices set" in outcome.err) == (1, True)


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_a_refreshed_list_is_in_force_and_named_until_the_bundled_one_is_again(
    command: Command, server: ControlStore, book: PriceBook, data_dir: Path, tmp_path: Path
) -> None:
    outcome = command("prices", "refresh", write(tmp_path / "data.json", [ACME]), "--data-dir", data_dir)
    assert outcome.code == 0, outcome.err
    book.load()
    assert (cost(book, server, "acme-1"), cost(book, server, "gpt-4o")) == (2, None)
    found = book.common().price("acme-1", Usage(1, 1), NOON_NS)
    assert found is not None
    assert outcome.out.startswith(found.version.removesuffix(" acme/acme-1"))

    assert command("prices", "refresh", "--bundled", "--data-dir", data_dir).code == 0
    book.load()
    assert (cost(book, server, "acme-1"), cost(book, server, "gpt-4o")) == (None, Decimal("2.5"))
    assert len(list((data_dir / "prices").glob("*.json"))) == 2


@pytest.mark.parametrize("content", [{}, [], [1], "prices", [{**ACME, "models": "many"}]])
def test_a_file_that_is_no_price_list_is_refused_and_changes_nothing(
    command: Command, data_dir: Path, tmp_path: Path, content: Any
) -> None:
    outcome = command("prices", "refresh", write(tmp_path / "data.json", content), "--data-dir", data_dir)
    assert outcome.code == 1
    assert "genai-prices" in outcome.err
    assert not (data_dir / "prices").exists()


@pytest.mark.parametrize("arguments", [(), ("missing.json",), ("missing.json", "--bundled"), ("http://127.0.0.1:9/x",)])
def test_a_source_that_is_not_there_is_named(command: Command, data_dir: Path, arguments: tuple[str, ...]) -> None:
    outcome = command("prices", "refresh", *arguments, "--data-dir", data_dir)
    assert outcome.code == 1
    assert "Traceback" not in outcome.err


def test_a_damaged_file_leaves_the_prices_as_they_were_and_is_told_once(
    book: PriceBook, server: ControlStore, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data_dir / "prices").mkdir()
    (data_dir / "prices" / "20261120T120000000000Z-00000000.json").write_text("[")
    book.load()
    book.load()
    assert cost(book, server, "gpt-4o") == Decimal("2.5")
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_the_bundled_list_is_large_enough_to_be_meant() -> None:
    assert sum(len(provider.models) for provider in get_snapshot().providers) > 1000
