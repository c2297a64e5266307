"""How long questions take when there is much to answer them from, while 1,000 events a second come in.

With a million LLM and tool calls of 3 KB, and with ten million small ones; a hundred of them are a session. `EVENTS`
says how many the million is.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.server.peers_asking import ask_peers
from benchmarks.server.queries_asking import TARGETS_MS, Asker, Timed, time_question
from benchmarks.server.queries_traffic import EVENTS_PER_SECOND
from benchmarks.serving import Server, serve

EVENTS = 1_000_000
PEER_SPANS = 100_000
QUICK_EVENTS = 20_000
QUICK_PEER_SPANS = 3000
WORDS, FEW_WORDS = 450, 15
TIMES, QUICK_TIMES = 30, 5
# Of an event without its payloads, as our SDK sends it: ids, times, names, counts.
ENVELOPE_BYTES = 480
SETTLE_S = 20.0
LONGEST_S = 3600.0

NOTES = f"""Each over HTTP, {TIMES} times, while {EVENTS_PER_SECOND:,} events of 3 KB a second come in over v2 from ten
sessions at once; p50 / p95 in milliseconds, and what 95 of 100 should take at most. The data are made by the engine
itself: sessions of a hundred events, and one of ten thousand. Peers hold what their columns say, one trace of ten
thousand among it, and nothing comes in while they are asked."""


def measure() -> list[dict[str, Any]]:
    """Both sizes, and the peers."""
    return _table(_measure(EVENTS, WORDS, TIMES), _measure(10 * EVENTS, FEW_WORDS, TIMES), ask_peers(PEER_SPANS))


def measure_quickly() -> list[dict[str, Any]]:
    """The same with little."""
    large = _measure(QUICK_EVENTS, WORDS, QUICK_TIMES)
    return _table(large, _measure(2 * QUICK_EVENTS, FEW_WORDS, QUICK_TIMES), ask_peers(QUICK_PEER_SPANS))


_Column = tuple[str, dict[str, str]]


def _table(large: _Column, small: _Column, peers: list[_Column]) -> list[dict[str, Any]]:
    columns = (large, small, *peers)
    titles = dict.fromkeys(title for _, answers in columns for title in answers)
    return [
        {"question": title, "target": TARGETS_MS.get(title, "")}
        | {name: answers.get(title, "") for name, answers in columns}
        for title in titles
    ]


def _measure(events: int, words: int, times: int) -> _Column:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        loaded = _load(data, events, words)
        with serve(data) as server:
            answers = {"later start to first healthy answer": f"{server.start_s:.1f} s"}
            answers |= _weigh(server, loaded)
            asker = Asker(server, loaded["api_key"])
            with _traffic(server, loaded["api_key"]):
                time.sleep(SETTLE_S if times > QUICK_TIMES else 2)
                for title, ask in asker.questions().items():
                    print(f"  {title}", file=sys.stderr, flush=True)
                    answers[title] = _show(time_question(ask, times))
            answers["resident memory after the last question"] = f"{server.rss_mb:.0f} MB"
    return f"{events:,} events of {loaded['payload_bytes'] / loaded['events'] / 1000:.1f} KB", answers


def _load(folder: Path, events: int, words: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.server.queries_load", str(folder), "--events", str(events)]
    done = subprocess.run([*command, "--words", str(words)], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _weigh(server: Server, loaded: dict[str, Any]) -> dict[str, str]:
    json_bytes = loaded["payload_bytes"] + ENVELOPE_BYTES * loaded["events"]
    share = loaded["disk_bytes"] / json_bytes
    return {
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


def _show(timed: Timed) -> str:
    return f"{timed.p50_ms:,.0f} / {timed.p95_ms:,.0f}"
