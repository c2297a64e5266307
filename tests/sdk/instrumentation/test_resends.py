"""How often a request was sent again inside of one span."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from agentops.instrumentation._resends import Resends, Retries

NAME = "agentops_test_transport"
current: ContextVar[Retries | None] = ContextVar("current", default=None)


class Client:
    """Sends, and is answered with one status after the other; with an error, where that is the word."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)

    def send(self, request: Any) -> Any:
        del request
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise ConnectionError(answer)
        return SimpleNamespace(status_code=answer)


class AsyncClient(Client):
    async def send(self, request: Any) -> Any:
        return Client.send(self, request)


def ask(path: str = "/chat") -> Any:
    return SimpleNamespace(method="POST", url=f"http://models{path}")


@pytest.fixture
def retries() -> Iterator[Retries]:
    """Of a span that goes on during the test."""
    token = current.set(Retries())
    yield current.get() or Retries()
    current.reset(token)


@pytest.fixture(autouse=True)
def laid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType(NAME)
    vars(module).update(Client=Client, AsyncClient=AsyncClient)
    monkeypatch.setitem(sys.modules, NAME, module)
    resends = Resends(current.get)
    before = Client.__dict__["send"], AsyncClient.__dict__["send"]
    resends.lay([f"{NAME}:{owner}.send" for owner in ("Client", "AsyncClient", "Gone")])
    yield
    resends.remove()
    assert (Client.__dict__["send"], AsyncClient.__dict__["send"]) == before


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ((200,), 0),
        ((429, 200), 1),
        ((529, "reset", 503, 200), 3),
        ((429,), 0),
        ((200, 200), 0),
        ((404, 200), 0),
        ((429, 200, 200), 1),
    ],
)
def test_the_same_request_after_a_refusal_is_a_retry(
    retries: Retries, answers: tuple[int | str, ...], wanted: int
) -> None:
    client = Client(*answers)
    while client.answers:
        try:
            client.send(ask())
        except ConnectionError:
            continue
    assert retries.count == wanted


def test_another_request_after_a_refusal_is_none(retries: Retries) -> None:
    client = Client(503, 200, 200)
    client.send(ask("/weather"))
    client.send(ask("/news"))
    assert retries.count == 0
    client.send(request=ask("/weather"))
    assert retries.count == 1


def test_an_asynchronous_call_counts_its_own() -> None:
    async def call(*answers: object) -> int:
        retries = Retries()
        current.set(retries)
        client = AsyncClient(*answers)
        while client.answers:
            try:
                await client.send(ask())
            except ConnectionError:
                await asyncio.sleep(0)
        return retries.count

    async def both() -> list[int]:
        return await asyncio.gather(call(429, "reset", 200), call(200, 200, 200))

    assert asyncio.run(both()) == [2, 0]


@pytest.mark.parametrize("request_", ["GET /", None])
def test_what_has_another_shape_passes(retries: Retries, request_: Any) -> None:
    client = Client(429, "late", "later")
    assert client.send(request_).status_code == 429
    with pytest.raises(ConnectionError, match="late"):
        client.send(request_)
    client.answers = ["no number", {}, None]
    with pytest.raises(ConnectionError, match="no number"):
        client.send(ask())
    assert [client.send(ask()).status_code for _ in range(2)] == [{}, None]
    assert retries.count == 1


def test_requests_outside_of_a_span_are_sent_as_ever() -> None:
    client = Client(429, 200)
    assert [client.send(ask()).status_code, client.send(ask()).status_code] == [429, 200]


def test_an_error_of_the_client_reaches_the_program(retries: Retries) -> None:
    with pytest.raises(ConnectionError, match="reset"):
        Client("reset").send(ask())
    assert retries.count == 0
