"""A million odd requests: never an error of ours, never a lost neighbour, or this fails."""

import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from tests.server.fuzzing.cases import Case, Cases
from tests.server.fuzzing.checking import check

from benchmarks.serving import Server, serve

EVENTS = 1_000_000
QUICK_EVENTS = 2000
OF_ONE_SEED = 5000
# So many of them are sent to a running server as well.
SENT_OF_A_SEED = 20
FIRST_SEED = 1000
NOTES = """A case is a request with an odd item between two good ones (spans in protobuf and JSON, v2 events), one log
record, or a request damaged anywhere: bytes changed, left out, doubled or cut off in spans of published libraries;
attributes that dialects look for with any value; any JSON for a field. Of every case it is checked that it is taken or
refused with an answer of the 4xx, that both neighbours are taken, that every item is either an event or a refusal with
its reason, and that what came of it is rows that are read back as they were, with payloads that are JSON. Some of each
seed are sent to a running server: no answer of the 5xx, and 200 wherever something in it is good."""


def measure(cases: int | None = None) -> list[dict[str, Any]]:
    """One row a figure."""
    wanted = EVENTS if cases is None else cases
    each = min(OF_ONE_SEED, wanted)
    seeds = range(FIRST_SEED, FIRST_SEED + wanted // each)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        counts: Counter[str] = Counter()
        for number, counted in enumerate(pool.map(_run, seeds, [each] * len(seeds)), 1):
            counts += counted
            print(f"  {number * each:,} cases", file=sys.stderr, flush=True)
    with serve() as server:
        statuses = Counter(_send(server, case) for seed in seeds for case in _first(seed, SENT_OF_A_SEED))
    assert not [status for status in statuses if status >= 500], statuses
    return [
        {"figure": "cases", "value": f"{counts['cases']:,}"},
        {"figure": "of them taken, in whole or in part", "value": f"{counts['taken']:,}"},
        {"figure": "of them refused as a whole, with an answer of the 4xx", "value": f"{counts['refused']:,}"},
        {"figure": "errors of ours", "value": "0"},
        {"figure": "neighbours lost", "value": "0"},
        {"figure": "sent to a running server", "value": f"{statuses.total():,}"},
        {
            "figure": "its answers",
            "value": ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items())),
        },
        {"figure": "seeds", "value": f"{seeds.start} to {seeds.stop - 1}"},
    ]


def measure_quickly() -> list[dict[str, Any]]:
    return measure(QUICK_EVENTS)


def _first(seed: int, count: int) -> list[Case]:
    cases = Cases(seed)
    return [cases.next() for _ in range(count)]


def _run(seed: int, count: int) -> Counter[str]:
    cases = Cases(seed)
    taken = sum(check(cases.next()) for _ in range(count))
    return Counter(cases=count, taken=taken, refused=count - taken)


def _send(server: Server, case: Case) -> int:
    headers = {"Content-Type": case.content_type, "X-Agentops-Api-Key": server.api_key}
    if case.path.startswith("/v2"):
        body = {"session": {"session_id": "018f2b6e-0000-7000-8000-000000000001"}}
        answer = server.http.request("POST", f"{server.url}/v2/create_session", json=body, headers=headers)
        headers["Authorization"] = f"Bearer {answer.json()['jwt']}"
    answer = server.http.request("POST", server.url + case.path, body=case.body, headers=headers)
    if case.good:
        assert answer.status == 200, (answer.status, answer.data[:300], case)
    return answer.status
