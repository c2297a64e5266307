"""The hub: who is told what, and what a reader that comes back has missed."""

import asyncio
import threading
import uuid

import pytest

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.live import hub as hubs
from agentops_server.live.hub import Hub, News

PROJECT, OTHER = ProjectId(uuid.uuid4()), ProjectId(uuid.uuid4())
A, B, C = (SessionId(uuid.uuid4()) for _ in range(3))


def test_a_reader_hears_of_its_project_only() -> None:
    async def run() -> None:
        hub = Hub()
        reader = hub.subscribe(PROJECT, None, "")
        hub.publish([(OTHER, A)])
        assert await reader.wait(0.01) is None
        hub.publish([(PROJECT, A), (OTHER, B), (PROJECT, C), (PROJECT, A)])
        news = await reader.wait(1)
        assert news is not None
        assert (news.session_ids, news.missed) == ((A, C), False)

    asyncio.run(run())


def test_a_reader_of_one_session_hears_of_no_other() -> None:
    async def run() -> None:
        hub = Hub()
        reader = hub.subscribe(PROJECT, B, "")
        hub.publish([(PROJECT, A)])
        hub.publish([(PROJECT, B)])
        news = await reader.wait(1)
        assert news is not None
        assert news.session_ids == (B,)

    asyncio.run(run())


def test_what_happens_while_nobody_waits_is_told_once() -> None:
    async def run() -> None:
        hub = Hub()
        reader = hub.subscribe(PROJECT, None, "")

        def publish_often() -> None:
            for _ in range(500):
                hub.publish([(PROJECT, A)])

        thread = threading.Thread(target=publish_often)
        thread.start()
        thread.join()
        assert await reader.wait(1) == News(500, (A,), missed=False)
        assert await reader.wait(0.01) is None

    asyncio.run(run())


def test_a_reader_that_comes_back_gets_what_it_missed() -> None:
    async def run() -> None:
        hub = Hub()
        reader = hub.subscribe(PROJECT, None, "")
        hub.publish([(PROJECT, A)])
        news = await reader.wait(1)
        assert news is not None
        hub.unsubscribe(reader)
        hub.publish([(PROJECT, B)])
        hub.publish([(PROJECT, C)])
        back = hub.subscribe(PROJECT, None, hub.event_id(news.number))
        assert back.first is None
        assert await back.wait(1) == News(3, (B, C), missed=False)

    asyncio.run(run())


@pytest.mark.parametrize("last_event_id", ["another-epoch.1", "nonsense", "019ab1de-0000-7000-8000-000000000000.x"])
def test_a_reader_from_before_a_restart_reads_everything_anew(last_event_id: str) -> None:
    async def run() -> None:
        hub = Hub()
        hub.publish([(PROJECT, A)])
        news = await hub.subscribe(PROJECT, None, last_event_id).wait(1)
        assert news is not None
        assert news.missed

    asyncio.run(run())


def test_a_reader_that_was_away_too_long_reads_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        hub = Hub()
        for _ in range(hubs.KEPT_CHANGES + 2):
            hub.publish([(PROJECT, A)])
        missed = await hub.subscribe(PROJECT, None, hub.event_id(1)).wait(1)
        assert missed is not None
        assert missed.missed
        in_time = await hub.subscribe(PROJECT, None, hub.event_id(2)).wait(1)
        assert in_time is not None
        assert not in_time.missed

    asyncio.run(run())


def test_a_slow_reader_of_too_much_is_told_to_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_PENDING", 10)

    async def run() -> None:
        hub = Hub()
        reader = hub.subscribe(PROJECT, None, "")
        for _ in range(30):
            hub.publish([(PROJECT, SessionId(uuid.uuid4()))])
        news = await reader.wait(1)
        assert news is not None
        assert news.missed
        assert len(news.session_ids) <= 10

    asyncio.run(run())


def test_closing_ends_the_waiting() -> None:
    async def run() -> None:
        hub = Hub()
        reader = hub.subscribe(PROJECT, None, "")
        hub.close()
        assert await reader.wait(60) is None
        assert reader.is_closed
        assert hub.subscribe(PROJECT, None, "").is_closed

    asyncio.run(run())
