"""When merges make the index of words, and when old parts are compressed harder.

It costs a merge about twice what it costs without (see ADR 14). While very many events come in, that is more than the
machine has: merges would fall behind. A search can do without the index for a while, so merges leave it out then, and
what they left out is made once it is calm again. The table's own setting says which of the two holds, so that a start
after a kill finds it.

Parts that are an hour old are compressed harder by merges of their own (see ADR 20): while it is busy there are none.

A part that nothing merges with, of an import for one, would never have it: what has lain so for a while is indexed too.
"""

import logging

import msgspec

from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

logger = logging.getLogger(__name__)

PAUSE_S = 5.0
WINDOW_S = 10
# So many events a second are very many, and fewer than this share of them are not: measured on two cores. Between the
# two nothing changes, so that a pace that goes up and down a little does not change it again and again.
BUSY_PER_S, CALM_SHARE = 2000, 0.8

# A part that is as large, and was left alone as long, is not waited for any longer.
LEAST_ROWS = 2000
UNMERGED_S = 60

_SETTING = "exclude_materialize_skip_indexes_on_merge"
_COMPRESSING = "max_number_of_merges_with_ttl_in_pool"
# How many of those merges may run at once while it is calm, as the schema has it.
COMPRESSING_MERGES = 2
# Parts as inserts made them (whose rows are merged there and then, to level 1), whether merges have taken them up since
# or not. One that was written anew, as to make its index, has another level or what changed it for a version: it brings
# no event.
_RATE = """
SELECT toUInt64(sum(rows)) AS rows
FROM system.parts
WHERE database = currentDatabase() AND table IN ('events', 'events_local')
    AND min_block_number = max_block_number AND level <= 1 AND data_version = min_block_number
    AND modification_time >= now() - {window_s:UInt32}
"""
_LEAVES_OUT = """
SELECT toUInt64(count()) AS rows
FROM system.tables
WHERE database = currentDatabase() AND table IN ('events', 'events_local')
    AND position(create_table_query, concat({setting:String}, ' = \\'words\\'')) > 0
"""
# The index of words takes more than a byte of any event that has words, and all other ones together much less.
_UNMERGED = """
SELECT min_block_number AS first, max_block_number AS last
FROM system.parts
WHERE active AND database = currentDatabase() AND table IN ('events', 'events_local')
    AND rows >= {least_rows:UInt64} AND secondary_indices_compressed_bytes < rows
    AND modification_time < now() - {unmerged_s:Int32}
"""


class _Count(msgspec.Struct):
    rows: int


class _Blocks(msgspec.Struct, frozen=True):
    """What a part is made of, whatever its name is after a mutation."""

    first: int
    last: int


class Indexing:
    """Looks at the pace of events."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._leaves_out: bool | None = None
        self._seen: set[_Blocks] = set()

    def run(self) -> None:
        """One turn."""
        if self._leaves_out is None:
            self._leaves_out = self._count(_LEAVES_OUT, setting=_SETTING) > 0
        per_s = self._count(_RATE, window_s=WINDOW_S) / WINDOW_S
        if per_s >= BUSY_PER_S and not self._leaves_out:
            self._begin_to_leave_out(per_s)
        elif per_s < BUSY_PER_S * CALM_SHARE and self._leaves_out:
            self._make_what_was_left_out()
        elif per_s < BUSY_PER_S * CALM_SHARE:
            self._make_of_unmerged()

    def _begin_to_leave_out(self, per_s: float) -> None:
        logger.info("%d events a second come in: their words are indexed later, and searches take longer", per_s)
        self._set("words", compressing=0)
        self._leaves_out = True

    def _make_what_was_left_out(self) -> None:
        """The engine does it in the background, and leaves alone the parts that have it."""
        self._materialize()
        self._set("", compressing=COMPRESSING_MERGES)
        self._leaves_out = False

    def _make_of_unmerged(self) -> None:
        """Each part once: what has no words has no index that could be seen."""
        parameters: Parameters = {"least_rows": LEAST_ROWS, "unmerged_s": UNMERGED_S}
        found = set(decode_rows(self._warehouse.query(_UNMERGED, parameters), _Blocks))
        if found - self._seen:
            self._materialize()
        self._seen = found

    def _set(self, left_out: str, compressing: int) -> None:
        self._warehouse.execute(
            f"ALTER TABLE events MODIFY SETTING {_SETTING} = '{left_out}', {_COMPRESSING} = {compressing:d}"
        )

    def _materialize(self) -> None:
        self._warehouse.execute("ALTER TABLE events MATERIALIZE INDEX words SETTINGS mutations_sync = 0")

    def _count(self, sql: str, **parameters: str | int) -> int:
        (row,) = decode_rows(self._warehouse.query(sql, parameters), _Count)
        return row.rows
