"""Merges leave the index of words out while very many events come in; it is made later, and no search misses a word."""

import time

import msgspec
import pytest

from agentops_server.domain.clock import NS, now_ns
from agentops_server.jobs import indexing
from agentops_server.jobs.indexing import Indexing
from agentops_server.queries.search import FIRST_PLACE, search_events
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.rows import encode_rows, event_row
from tests.server.making import ASKING, make_event, make_origin

ORIGIN = make_origin()
PATIENCE_S = 60


def store(warehouse: EmbeddedWarehouse, count: int = 50, age_s: int = 0) -> None:
    texts = [f'"heron {number} {"word " * 20}"' for number in range(count)]
    facts = {"kind": "llm", "event_type": "llms", "received_ns": now_ns() - age_s * NS}
    events = [make_event(ORIGIN, prompt_json=text, **facts) for text in texts]
    warehouse.insert("events", encode_rows(map(event_row, events)))


def found(warehouse: EmbeddedWarehouse, word: str) -> int:
    return len(search_events(warehouse, ORIGIN.project_id, (word,), FIRST_PLACE, 1000, ASKING)[0])


def merge(warehouse: EmbeddedWarehouse) -> None:
    warehouse.execute("OPTIMIZE TABLE events FINAL")


def words_bytes(warehouse: EmbeddedWarehouse) -> int:
    """What the index of words takes: a word per event is more than all that the other indices hold."""
    sql = (
        "SELECT sum(secondary_indices_uncompressed_bytes) AS bytes FROM system.parts WHERE active AND table = 'events'"
    )
    return int(msgspec.json.decode(warehouse.query(sql, {}))["bytes"])


@pytest.fixture
def without(warehouse: EmbeddedWarehouse) -> int:
    """What other indices take of the rows of one insert."""
    store(warehouse)
    return words_bytes(warehouse)


def test_merges_make_the_index_while_it_is_calm(warehouse: EmbeddedWarehouse, without: int) -> None:
    Indexing(warehouse).run()
    merge(warehouse)
    assert words_bytes(warehouse) > without
    assert found(warehouse, "heron") == 50


def test_merges_leave_the_index_out_while_very_many_events_come_in_and_it_is_made_afterwards(
    warehouse: EmbeddedWarehouse, without: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Indexing(warehouse)
    monkeypatch.setattr(indexing, "BUSY_PER_S", 1)
    job.run()
    merge(warehouse)
    assert words_bytes(warehouse) <= without
    assert (found(warehouse, "heron"), found(warehouse, "7")) == (50, 1)

    monkeypatch.setattr(indexing, "BUSY_PER_S", 1_000_000)
    Indexing(warehouse).run()  # the server was killed meanwhile
    deadline = time.monotonic() + PATIENCE_S
    while words_bytes(warehouse) <= without:
        assert time.monotonic() < deadline, "it was not made in a minute"
        time.sleep(0.05)
    assert (found(warehouse, "heron"), found(warehouse, "7")) == (50, 1)
    store(warehouse)
    merge(warehouse)
    assert found(warehouse, "heron") == 100


@pytest.mark.parametrize(("very_many", "is_made"), [(6, False), (7, True)], ids=["nothing-changes", "it-is-made"])
def test_between_very_many_and_four_fifths_of_it_nothing_changes(
    warehouse: EmbeddedWarehouse, without: int, monkeypatch: pytest.MonkeyPatch, very_many: int, is_made: bool
) -> None:
    """Below, the index is made, or every search would read what a burst has left for as long as events keep coming."""
    monkeypatch.setattr(indexing, "BUSY_PER_S", 1)
    job = Indexing(warehouse)
    job.run()
    monkeypatch.setattr(indexing, "BUSY_PER_S", very_many)  # fifty events in ten seconds are five a second
    job.run()
    merge(warehouse)
    assert (words_bytes(warehouse) > without) is is_made


@pytest.mark.parametrize(
    "rewrite",
    ["ALTER TABLE events MATERIALIZE INDEX words SETTINGS mutations_sync = 2", "OPTIMIZE TABLE events FINAL"],
    ids=["its-index-is-made", "it-is-merged"],
)
def test_what_is_written_anew_is_no_new_event(
    warehouse: EmbeddedWarehouse, without: int, monkeypatch: pytest.MonkeyPatch, rewrite: str
) -> None:
    """Or making the index of what a burst left would look like a burst, which leaves it out, and so on."""
    warehouse.execute(rewrite)
    monkeypatch.setattr(indexing, "BUSY_PER_S", 7)  # fifty events in ten seconds are five a second
    Indexing(warehouse).run()
    store(warehouse)
    merge(warehouse)
    assert words_bytes(warehouse) > without


def test_a_part_that_nothing_merges_with_is_indexed_after_a_while_and_once(
    warehouse: EmbeddedWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BUSY_PER_S", 1_000_000)
    store(warehouse, 3000)
    without = words_bytes(warehouse)
    job = Indexing(warehouse)
    job.run()
    assert words_bytes(warehouse) <= without, "it was not left alone for a minute"
    monkeypatch.setattr(indexing, "UNMERGED_S", -1)
    job.run()
    deadline = time.monotonic() + PATIENCE_S
    while words_bytes(warehouse) <= without:
        assert time.monotonic() < deadline, "it was not made in a minute"
        time.sleep(0.05)
    assert found(warehouse, "7") == 1
    count = mutations(warehouse)
    job.run()
    job.run()
    assert mutations(warehouse) == count


def test_old_parts_are_compressed_harder_while_it_is_calm(
    warehouse: EmbeddedWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BUSY_PER_S", 1)
    store(warehouse)
    Indexing(warehouse).run()
    assert "max_number_of_merges_with_ttl_in_pool = 0" in definition(warehouse)
    store(warehouse, age_s=2 * 3600)
    assert codecs(warehouse) == {"ZSTD(1)"}

    monkeypatch.setattr(indexing, "BUSY_PER_S", 1_000_000)
    Indexing(warehouse).run()
    assert f"max_number_of_merges_with_ttl_in_pool = {indexing.COMPRESSING_MERGES}" in definition(warehouse)
    deadline = time.monotonic() + PATIENCE_S
    while codecs(warehouse) != {"ZSTD(1)", "ZSTD(6)"}:
        assert time.monotonic() < deadline, "no part was compressed in a minute"
        time.sleep(0.05)
    assert found(warehouse, "heron") == 100


def codecs(warehouse: EmbeddedWarehouse) -> set[str]:
    sql = "SELECT DISTINCT default_compression_codec AS codec FROM system.parts WHERE active AND table = 'events'"
    return {msgspec.json.decode(line)["codec"] for line in warehouse.query(sql, {}).splitlines()}


def definition(warehouse: EmbeddedWarehouse) -> str:
    sql = "SELECT create_table_query AS text FROM system.tables WHERE database = currentDatabase() AND name = 'events'"
    return str(msgspec.json.decode(warehouse.query(sql, {}))["text"])


def mutations(warehouse: EmbeddedWarehouse) -> int:
    lines = warehouse.query("SELECT toUInt32(count()) AS count FROM system.mutations WHERE table = 'events'", {})
    return int(msgspec.json.decode(lines)["count"])
