"""Fill a server's folder with events that the engine itself makes: ``python -m benchmarks.server.queries_load …``.

Not over HTTP, because how fast that is, is another benchmark's question. It runs in a process of its own, for one that
holds the engine cannot become another one's parent by fork.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from uuid import UUID

from agentops_server.auth.keys import Keys
from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import ProjectId
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Parameters, Warehouse, encode_parameter
from agentops_server.storage.warehouse.rows import encode_rows
from agentops_server.storage.warehouse.totals import list_stale, note_summed_until, sum_events, totals_row

SQL = Path(__file__).with_name("sql")
ROWS_AT_ONCE = 50_000
SESSIONS_AT_ONCE = 1000
SHOW_EVERY = 500_000
LARGE_SESSION_EVENTS = 10_000
LONGEST_MERGE_S = 1800
SPAN_NS = 6 * 86_400 * NS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--per-session", type=int, default=100)
    parser.add_argument("--words", type=int, default=450, help="of the payloads of an event; 450 are about 3 KB")
    given = parser.parse_args()
    folder = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    project_id, api_key = _make_project(folder)
    warehouse = EmbeddedWarehouse(folder / "warehouse", query_timeout_s=600)
    migrations.migrate(warehouse)
    # The engine compresses a part harder when it is an hour old, but one in four hours: here, as many as it can.
    warehouse.execute("ALTER TABLE events MODIFY SETTING merge_with_recompression_ttl_timeout = 0")
    for place in range(0, given.events, ROWS_AT_ONCE):
        if place % SHOW_EVERY == 0:
            print(f"  {place:,} of {given.events:,} events", file=sys.stderr, flush=True)
        rows = min(ROWS_AT_ONCE, given.events - place)
        _insert(warehouse, project_id, place, rows, given)
    given.per_session = LARGE_SESSION_EVENTS
    _insert(warehouse, project_id, _beyond(given.events), LARGE_SESSION_EVENTS, given)
    warehouse.execute((SQL / "load_sessions.sql").read_text("utf-8"))
    _sum_up(warehouse)
    _merge(warehouse)
    weight = _weigh(warehouse)
    warehouse.close()
    print(json.dumps({"api_key": api_key, **weight}))


def _make_project(folder: Path) -> tuple[ProjectId, str]:
    control = ControlStore.open(control_url(folder))
    control.migrate()
    key, text = Keys(control).create("benchmark")
    control.close()
    return key.project_id, text


def _beyond(events: int) -> int:
    """The first row number of a session of `LARGE_SESSION_EVENTS` that begins after all the others."""
    return -(-events // LARGE_SESSION_EVENTS) * LARGE_SESSION_EVENTS


def _insert(warehouse: Warehouse, project_id: UUID, start: int, rows: int, given: argparse.Namespace) -> None:
    parameters: Parameters = {
        "project_id": project_id,
        "start": start,
        "rows": rows,
        "per_session": given.per_session,
        "words": given.words,
        "first_ns": now_ns() // (86_400 * NS) * 86_400 * NS - 7 * 86_400 * NS,
        "session_gap_ns": SPAN_NS // (given.events // given.per_session + 1),
    }
    sql = (SQL / "load_events.sql").read_text("utf-8")
    for name, value in parameters.items():
        for kind in ("UInt64", "Int64", "UUID"):
            literal = f"toUUID('{value}')" if kind == "UUID" else encode_parameter(value)
            sql = sql.replace(f"{{{name}:{kind}}}", literal)
    warehouse.execute(sql)


def _merge(warehouse: Warehouse) -> None:
    """Wait for the merges that the engine wants, and the index: what was loaded in minutes would have come in days."""
    warehouse.execute("ALTER TABLE events MATERIALIZE INDEX words SETTINGS mutations_sync = 2")
    deadline = time.monotonic() + LONGEST_MERGE_S
    while _is_busy(warehouse):
        assert time.monotonic() < deadline, "merges do not end"
        time.sleep(1)
    warehouse.execute("ALTER TABLE events RESET SETTING merge_with_recompression_ttl_timeout")


def _is_busy(warehouse: Warehouse) -> bool:
    merges = "SELECT count() AS waiting FROM system.merges"
    parts = "system.parts WHERE active AND database = currentDatabase() AND table = 'events'"
    is_due = "default_compression_codec = 'ZSTD(1)' AND recompression_ttl_info.max[1] < now()"
    quick = f"SELECT countIf({is_due}) AS waiting FROM {parts}"
    return any(json.loads(warehouse.query(sql, {}))["waiting"] for sql in (merges, quick))


def _weigh(warehouse: Warehouse) -> dict[str, int]:
    """How many events there are, the bytes of their payloads, and those of all data on disk."""
    payload_bytes = "sum(length(concat(prompt, completion, params, returns))) AS payload_bytes"
    disk_bytes = "sum(bytes_on_disk) AS disk_bytes FROM system.parts WHERE active AND database = currentDatabase()"
    weights = (f"count() AS events, {payload_bytes} FROM events", disk_bytes)
    answers = [json.loads(warehouse.query(f"SELECT {weight}", {})) for weight in weights]
    return {name: int(value) for answer in answers for name, value in answer.items()}


def _sum_up(warehouse: Warehouse) -> None:
    as_of_ns = now_ns()
    stale = list_stale(warehouse, 0)
    for place in range(0, len(stale), SESSIONS_AT_ONCE):
        keys = stale[place : place + SESSIONS_AT_ONCE]
        sums = sum_events(warehouse, keys[0][0], [session_id for _, session_id in keys])
        rows = [totals_row(keys[0][0], totals, version=as_of_ns, as_of_ns=as_of_ns) for totals in sums.values()]
        warehouse.insert("session_totals", encode_rows(rows))
    note_summed_until(warehouse, as_of_ns)


if __name__ == "__main__":
    main()
