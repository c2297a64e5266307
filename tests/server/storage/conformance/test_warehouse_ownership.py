"""A warehouse is that of one data directory."""

import uuid
from pathlib import Path

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import ownership
from agentops_server.storage.warehouse.ownership import FILE_NAME, claim, read_installation
from agentops_server.storage.warehouse.port import Warehouse


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return make(tmp_path / "here")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return make(tmp_path / "there")


def make(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_who_comes_first_may_come_again(empty: Warehouse, here: Path) -> None:
    for _ in range(3):
        claim(empty, here)


def test_another_data_directory_is_refused_and_told_whose_it_is(empty: Warehouse, here: Path, there: Path) -> None:
    claim(empty, here)
    for _ in range(2):
        with pytest.raises(Unavailable, match=f"data directory {here} on .*migrate --take-over"):
            claim(empty, there)
    claim(empty, here)


def test_who_takes_over_has_it_and_the_other_one_not(empty: Warehouse, here: Path, there: Path) -> None:
    claim(empty, here)
    claim(empty, there, take_over=True)
    claim(empty, there)
    with pytest.raises(Unavailable, match=f"data directory {there}"):
        claim(empty, here)
    claim(empty, here, take_over=True)
    claim(empty, here)
    with pytest.raises(Unavailable):
        claim(empty, there)


def test_of_two_who_claim_at_the_same_moment_not_both_go_on(
    empty: Warehouse, here: Path, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes its claim after this one has found none, and before this one writes."""
    write = ownership._write_claim

    def write_second(warehouse: Warehouse, epoch: int, installation: uuid.UUID, data_dir: Path) -> None:
        write(warehouse, epoch, read_installation(there), there)
        write(warehouse, epoch, installation, data_dir)

    monkeypatch.setattr(ownership, "_write_claim", write_second)
    with pytest.raises(Unavailable, match=f"data directory {there}"):
        claim(empty, here)
    monkeypatch.undo()
    with pytest.raises(Unavailable, match=f"data directory {here}"):
        claim(empty, there)
    claim(empty, there, take_over=True)
    claim(empty, there)


def test_a_data_directory_keeps_its_id(here: Path, there: Path) -> None:
    assert read_installation(here) == read_installation(here) != read_installation(there)
    assert [path.name for path in here.iterdir()] == [FILE_NAME]


def test_an_id_that_is_damaged_is_said(here: Path) -> None:
    (here / FILE_NAME).write_bytes(b"\xff\x00")
    with pytest.raises(Unavailable, match=r"installation cannot be read"):
        read_installation(here)
    (here / FILE_NAME).write_text("mine")
    with pytest.raises(Unavailable, match="must hold a UUID"):
        read_installation(here)
