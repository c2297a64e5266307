"""Sums grow by what is stored, all of it or none."""

import uuid
from collections.abc import Iterator

from agentops_server.domain.event import Event
from agentops_server.domain.ids import EventId, ProjectId, SessionId
from agentops_server.storage.warehouse.growing import GrowingSums, Stored, Summed
from agentops_server.storage.warehouse.remembered import Versions
from agentops_server.storage.warehouse.rows import encode_rows, event_row
from agentops_server.storage.warehouse.totals import Totals

PROJECT, SESSION = ProjectId(uuid.uuid4()), SessionId(uuid.uuid4())


def stored(event_id: EventId) -> Stored:
    event = Event(PROJECT, SESSION, event_id, "llm", "llms", 1, 2, 3)
    return Stored([(PROJECT, SESSION)], memoryview(encode_rows([event_row(event)])), names_agents=False)


def none_yet() -> dict[SessionId, Summed]:
    return {SESSION: Summed(Totals(SESSION), set())}


def test_sums_that_a_reader_brings_meanwhile_miss_nothing_of_what_is_stored() -> None:
    sums = GrowingSums(Versions())

    def told() -> Iterator[Stored]:
        yield stored(EventId(uuid.uuid4()))
        sums.keep(PROJECT, none_yet(), sums.now)
        yield stored(EventId(uuid.uuid4()))

    assert [summed.totals.events for summed in sums.grow(told()).values()] in ([], [2])


def test_an_event_that_comes_twice_at_once_is_not_added() -> None:
    sums, event_id = GrowingSums(Versions()), EventId(uuid.uuid4())
    sums.keep(PROJECT, none_yet(), sums.now)
    assert sums.grow([stored(event_id), stored(event_id)]) == {}
