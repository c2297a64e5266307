"""How often a call was sent again, told to the span of the call."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from opentelemetry.sdk.trace import Tracer, TracerProvider
from opentelemetry.trace import get_current_span

from agentops.instrumentation._resends import ATTRIBUTE, Resends

NAME = "agentops_test_transport"


class Client:
    """Sends, and is answered with one status after the other; with an error, where that is the word."""

    def __init__(self, *answers: int | str) -> None:
        self.answers = list(answers)

    def send(self) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise ConnectionError(answer)
        return SimpleNamespace(status_code=answer)


class AsyncClient(Client):
    async def send(self) -> Any:
        return Client.send(self)


def find_span() -> Any:
    span = get_current_span()
    return span if span.is_recording() else None


@pytest.fixture
def tracer() -> Tracer:
    return TracerProvider().get_tracer("test")


@pytest.fixture
def resends(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resends]:
    module = ModuleType(NAME)
    vars(module).update(Client=Client, AsyncClient=AsyncClient)
    monkeypatch.setitem(sys.modules, NAME, module)
    laid = Resends(find_span)
    before = Client.__dict__["send"], AsyncClient.__dict__["send"]
    laid.lay([f"{NAME}:{owner}.send" for owner in ("Client", "AsyncClient", "Gone")])
    yield laid
    laid.remove()
    assert (Client.__dict__["send"], AsyncClient.__dict__["send"]) == before


def send_all(client: Client) -> None:
    while client.answers:
        try:
            client.send()
        except ConnectionError:
            continue


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ((200,), None),
        ((429, 200), 1),
        ((529, "reset", 503, 200), 3),
        ((429,), None),
        ((200, 200), None),
        ((404, 200), None),
        ((429, 200, 200), 1),
    ],
)
def test_a_request_that_follows_a_refusal_is_a_retry(
    resends: Resends, tracer: Tracer, answers: tuple[int | str, ...], wanted: int | None
) -> None:
    with tracer.start_as_current_span("chat") as span:
        send_all(Client(*answers))
    assert (span.attributes or {}).get(ATTRIBUTE) == wanted


def test_an_asynchronous_call_counts_its_own(resends: Resends, tracer: Tracer) -> None:
    async def call(*answers: int) -> Any:
        with tracer.start_as_current_span("chat") as span:
            client = AsyncClient(*answers)
            while client.answers:
                await client.send()
                await asyncio.sleep(0)
        return (span.attributes or {}).get(ATTRIBUTE)

    async def both() -> list[Any]:
        return await asyncio.gather(call(429, 429, 200), call(200, 200, 200))

    assert asyncio.run(both()) == [2, None]


def test_requests_outside_of_a_call_are_sent_as_ever(resends: Resends) -> None:
    client = Client(429, 200)
    assert [client.send().status_code, client.send().status_code] == [429, 200]


def test_an_error_of_the_client_reaches_the_program(resends: Resends, tracer: Tracer) -> None:
    with tracer.start_as_current_span("chat"), pytest.raises(ConnectionError, match="reset"):
        Client("reset").send()
