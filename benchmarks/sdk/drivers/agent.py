"""An agent program that records LLM events with one SDK and reports what that cost. It runs in the SDK's environment.

Its one argument is a JSON object: `driver` (a module beside this one with `start(url)`, `record(prompt, completion)`
and `finish()`), `url`, `events`, `per_second` (0: as fast as it can), `settle_s` (rest after one more event that is not
timed; 0: none), `limit_s` (stop recording after that), `core` (null: any), `report` (a file).

The report is written anew after each stage, so that it says how far a program came that had to be killed.
"""

import importlib
import json
import os
import random
import resource
import sys
import time
from array import array
from pathlib import Path
from typing import Any

PROMPT_CHARS, COMPLETION_CHARS = 2000, 1000
_TEXTS = 64
_MEMORY_SAMPLES = 100
_BLOCKED_NS = 50_000_000
_PAGE_BYTES = resource.getpagesize()


def main() -> None:
    plan = json.loads(sys.argv[1])
    if plan["core"] is not None:
        os.sched_setaffinity(0, {plan["core"]})
    report: dict[str, Any] = {}
    texts = _make_texts()
    driver = importlib.import_module(plan["driver"])
    before = time.perf_counter()
    driver.start(plan["url"])
    report["init_s"] = time.perf_counter() - before
    _write(plan, report)
    if plan["settle_s"]:
        driver.record(*texts[0])
        time.sleep(plan["settle_s"])
    _record_all(driver, plan, texts, report)
    _write(plan, report)
    cpu_s, before = time.process_time(), time.perf_counter()
    driver.finish()
    report["finish_s"] = time.perf_counter() - before
    report["cpu_s"] += time.process_time() - cpu_s
    report["rss_after_mb"] = _rss_bytes() / 1e6
    report["rss_growth_mb"] = max(report["rss_growth_mb"], report["rss_after_mb"] - report["rss_before_mb"])
    report["finished_at"] = time.monotonic()
    _write(plan, report)


def _record_all(driver: Any, plan: dict[str, Any], texts: list[tuple[str, str]], report: dict[str, Any]) -> None:
    events, per_second = plan["events"], plan["per_second"]
    times = array("q", bytes(8 * events))
    record, clock, sample_every = driver.record, time.perf_counter_ns, max(1, events // _MEMORY_SAMPLES)
    most = memory_before = _rss_bytes()
    cpu_s, started, recorded = time.process_time(), time.perf_counter(), 0
    for number in range(events):
        if per_second:
            time.sleep(max(0.0, started + number / per_second - time.perf_counter()))
        prompt, completion = texts[number % _TEXTS]
        before = clock()
        record(prompt, completion)
        times[number] = clock() - before
        recorded += 1
        if number % sample_every == 0:
            most = max(most, _rss_bytes())
            if time.perf_counter() - started > plan["limit_s"]:
                break
    report["cpu_s"] = time.process_time() - cpu_s
    report["rss_before_mb"], report["rss_growth_mb"] = memory_before / 1e6, (most - memory_before) / 1e6
    report["recorded"] = recorded + bool(plan["settle_s"])
    report["timed"] = recorded
    if recorded:
        report |= _summarise(sorted(times[:recorded]))


def _summarise(times_ns: list[int]) -> dict[str, float]:
    return {
        "p50_us": times_ns[len(times_ns) // 2] / 1e3,
        "p99_us": times_ns[len(times_ns) * 99 // 100] / 1e3,
        "mean_us": sum(times_ns) / len(times_ns) / 1e3,
        "max_us": times_ns[-1] / 1e3,
        "blocked_s": sum(time_ns for time_ns in times_ns if time_ns > _BLOCKED_NS) / 1e9,
    }


def _make_texts() -> list[tuple[str, str]]:
    """Different texts of the right length, the same ones in every run, with what text has that JSON must escape."""
    source = random.Random(7)
    words = ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(2, 9))) for _ in range(500)]
    words += ['"yes"', "end.\n", "naïve", "…"]

    def write(size: int) -> str:
        return " ".join(source.choices(words, k=size // 2))[:size]

    return [(write(PROMPT_CHARS), write(COMPLETION_CHARS)) for _ in range(_TEXTS)]


def _rss_bytes() -> int:
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * _PAGE_BYTES


def _write(plan: dict[str, Any], report: dict[str, Any]) -> None:
    fresh = Path(plan["report"] + ".new")
    fresh.write_text(json.dumps(report))
    fresh.replace(plan["report"])


if __name__ == "__main__":
    main()
