"""How long questions take when there is much to answer them from, while 1,000 events a second come in.

With a million LLM and tool calls of 3 KB, and with ten thousand to ten million small ones; a hundred of them are a
session. `EVENTS` says how many the million is.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.server.keeping import digest_of, filled
from benchmarks.server.peers_asking import ask_peer
from benchmarks.server.peers_cited import CITED
from benchmarks.server.peers_questions import PEERS
from benchmarks.server.queries_asking import TARGETS_MS, Asker, Patience
from benchmarks.server.queries_traffic import EVENTS_PER_SECOND
from benchmarks.serving import Server, serve

EVENTS = 1_000_000
PEER_SPANS = 100_000
QUICK_EVENTS = 20_000
QUICK_PEER_SPANS = 3000
WORDS, FEW_WORDS = 450, 15
PATIENCE, QUICK_PATIENCE = Patience(100, 30), Patience(5, 10)
# Of an event without its payloads, as our SDK sends it: ids, times, names, counts.
ENVELOPE_BYTES = 480
SETTLE_S, QUICK_SETTLE_S = 20.0, 2.0
# The first new events make the engine merge all that was loaded: ten million of them, that came within minutes and not
# over hours, take one core for two minutes. Questions begin when it is done with that.
MERGED_CORES, MERGED_S, LONGEST_MERGE_S = 0.7, 10.0, 400.0
LONGEST_S = 3600.0
KEEP: Path | None = None
"""Where what was loaded is kept."""
ONLY: tuple[str, ...] = ()
"""The columns that are wanted; all where none is named."""

NOTES = f"""Ours over HTTP, up to {PATIENCE.times} times, while {EVENTS_PER_SECOND:,} events of 3 KB a second come in
over v2 from ten sessions at once; p50 / p95 in milliseconds to the last byte, and what 95 of 100 should take at most.
The data are made by the engine itself, and merged before it is asked: sessions of a hundred events, and one of ten
thousand. Peers hold what their columns say, one trace of ten thousand among it, and nothing comes in while they are
asked; their first answer is told too, for what they keep in memory. MLflow's database was given the statistics that
SQLite plans by (`ANALYZE`), which MLflow never makes. What is `cited` was measured once by the same questions on such a
machine, as `benchmarks/server/peers_cited.py` says."""

_Column: TypeAlias = tuple[str, dict[str, str]]


def measure() -> list[dict[str, Any]]:
    """All sizes, and the peers."""
    return _table(_columns(EVENTS, PEER_SPANS, PATIENCE))


def measure_quickly() -> list[dict[str, Any]]:
    """The same with little."""
    return _table(_columns(QUICK_EVENTS, QUICK_PEER_SPANS, QUICK_PATIENCE))


def _columns(events: int, spans: int, patience: Patience) -> dict[str, Callable[[], _Column]]:
    """How each column is measured, by the name that `--only` has for it."""
    columns: dict[str, Callable[[], _Column]] = {
        "large": lambda: _measure(events, WORDS, patience),
        "small": lambda: _measure(10 * events, FEW_WORDS, patience),
    }
    for part in (1000, 100, 10):
        columns[f"small/{part}"] = lambda part=part: _measure(10 * events // part, FEW_WORDS, patience)  # type: ignore[misc]
    for peer in PEERS:
        columns[peer.target.name] = lambda peer=peer: ask_peer(peer, spans, KEEP)  # type: ignore[misc]
    return columns


def _table(columns: dict[str, Callable[[], _Column]]) -> list[dict[str, Any]]:
    if unknown := set(ONLY) - columns.keys():
        raise SystemExit(f"there is no column {', '.join(unknown)}; there are {', '.join(columns)}")
    measured = [measure_it() for name, measure_it in columns.items() if name in (ONLY or columns)]
    if not ONLY:
        measured += CITED
    titles = dict.fromkeys(title for _, answers in measured for title in answers)
    return [
        {"question": title, "target": TARGETS_MS.get(title, "")}
        | {name: answers.get(title, "") for name, answers in measured}
        for title in titles
    ]


def _measure(events: int, words: int, patience: Patience) -> _Column:
    name = f"ours-{events}-{words}-{digest_of(['sql/load_events.sql', 'sql/load_sessions.sql'])}"
    with filled(KEEP, name, lambda folder: _load(folder, events, words)) as (data, loaded), serve(data) as server:
        answers = {"later start to first healthy answer": f"{server.start_s:.1f} s"}
        answers |= _weigh(server, loaded)
        asker = Asker(server, loaded["api_key"])
        with _traffic(server, loaded["api_key"]):
            time.sleep(QUICK_SETTLE_S if patience is QUICK_PATIENCE else SETTLE_S)
            if patience is not QUICK_PATIENCE:
                _wait_for_merges(server)
            for title, ask in asker.questions().items():
                timed = asker.time(ask, patience)
                print(f"  {title}: {timed}", file=sys.stderr, flush=True)
                answers[title] = str(timed)
        answers["resident memory after the last question"] = f"{server.rss_mb:.0f} MB"
    return f"{events:,} events of {loaded['payload_bytes'] / loaded['events'] / 1000:.1f} KB", answers


def _wait_for_merges(server: Server) -> None:
    deadline = time.monotonic() + LONGEST_MERGE_S
    while time.monotonic() < deadline:
        before_s = server.cpu_s
        time.sleep(MERGED_S)
        if server.cpu_s - before_s < MERGED_CORES * MERGED_S:
            return
    print("  it still merges what was loaded", file=sys.stderr, flush=True)


def _load(folder: Path, events: int, words: int) -> dict[str, Any]:
    print(f"  {events:,} events of {words} words are loaded", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.server.queries_load", str(folder), "--events", str(events)]
    done = subprocess.run([*command, "--words", str(words)], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _weigh(server: Server, loaded: dict[str, Any]) -> dict[str, str]:
    json_bytes = loaded["payload_bytes"] + ENVELOPE_BYTES * loaded["events"]
    share = loaded["disk_bytes"] / json_bytes
    return {
        "disk": f"{loaded['disk_bytes'] / 1e9:.2f} GB",
        "disk, of the JSON received, with the index of words": f"{share:.0%} of {json_bytes / 1e9:.2f} GB",
        "resident memory after the start": f"{server.rss_mb:.0f} MB",
    }


@contextmanager
def _traffic(server: Server, api_key: str) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.server.queries_traffic", server.url, api_key, str(LONGEST_S)]
    process = subprocess.Popen(command)
    try:
        yield
        assert process.poll() is None, "nothing came in any more"
    finally:
        process.terminate()
        process.wait()
