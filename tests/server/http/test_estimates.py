"""A call without token counts gets estimates a moment later, and gives them up for what its client says."""

import time
from typing import Any

import pytest

from .api import Api, Run, call

pytestmark = pytest.mark.xdist_group("http")

PATIENCE_S = 60
PROMPT = [{"role": "user", "content": "word " * 80}]


def wait_for_estimate(run: Run) -> Any:
    until = time.monotonic() + PATIENCE_S
    while not (exported := run.export()["llms"][0])["usage_estimated"]:
        assert time.monotonic() < until, exported
        time.sleep(0.1)
    return exported


def test_an_estimate_is_made_marked_and_replaced(api: Api) -> None:
    run, sent = api.start(), call(prompt=PROMPT, prompt_tokens=None, completion_tokens=3)
    run.record(sent)
    assert run.stats()["cost_is_lower_bound"]

    exported = wait_for_estimate(run)
    assert (exported["prompt_tokens"], exported["completion_tokens"]) == (100, 3)
    assert (exported["cost"], exported["reported_cost"], exported["computed_cost"]) == ("0.00028", None, "0.00028")
    stats = run.stats()
    assert (stats["cost"], stats["cost_is_lower_bound"], stats["unpriced_llms"]) == ("0.00028", True, 0)
    run.record(sent)
    assert run.export()["llms"][0]["usage_estimated"]

    run.replace({**sent, "prompt_tokens": 1000, "completion_tokens": 500})
    stats = run.stats()
    assert (stats["cost"], stats["cost_is_lower_bound"]) == ("0.0075", False)
