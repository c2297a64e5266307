"""What providers' caches saved a session, over HTTP."""

from typing import Any

import pytest

from .api import Api, call

pytestmark = pytest.mark.xdist_group("http-reading")


def cached(model: str, tokens: int, **buckets: int) -> dict[str, Any]:
    usage = {f"{name}.input_tokens": count for name, count in buckets.items()}
    return call(model=model, prompt_tokens=tokens, completion_tokens=10, usage=usage)


def test_savings_are_summed_by_model(api: Api) -> None:
    run = api.start()
    run.record(
        cached("gpt-4o", 1000, cache_read=600),
        cached("gpt-4o", 3000, cache_read=2000),
        cached("claude-sonnet-4-0", 1000, cache_creation=400),
        call(model="gpt-4o", prompt_tokens=500, completion_tokens=10),
    )
    answer = api.get(f"{run.path}/savings")
    claude, gpt = answer["models"]
    assert (gpt["model"], gpt["calls"], gpt["cache_read_tokens"], gpt["saved"]) == ("gpt-4o", 2, 2600, "0.00325")
    assert (claude["cache_write_tokens"], claude["saved"], claude["surcharge"]) == (400, "0", "0.0003")
    assert (answer["saved"], answer["surcharge"], answer["unpriced_calls"]) == ("0.00325", "0.0003", 0)


def test_a_call_without_a_price_is_counted_not_guessed(api: Api) -> None:
    run = api.start()
    run.record(cached("no-such-model-7", 1000, cache_read=600))
    answer = api.get(f"{run.path}/savings")
    assert (answer["saved"], answer["unpriced_calls"]) == ("0", 1)
    assert answer["models"][0]["cache_read_tokens"] == 600


def test_a_projects_own_price_holds_for_its_savings(own: Api) -> None:
    price = {"model": "house-*", "prices": {"input": "2", "cache_read": "0.5", "output": "4"}}
    assert own.ask("PUT", "/v2/prices", {**price, "effective_from": "2026-01-01"}).status == 200
    run = own.start()
    run.record(cached("house-7b", 1_000_000, cache_read=1_000_000))
    assert own.get(f"{run.path}/savings")["saved"] == "1.5"


def test_a_session_without_caches_has_no_savings(api: Api) -> None:
    run = api.start()
    run.record(call())
    assert api.get(f"{run.path}/savings") == {"saved": "0", "surcharge": "0", "unpriced_calls": 0, "models": []}
