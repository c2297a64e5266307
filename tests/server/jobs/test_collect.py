"""Objects that nobody refers to are collected, those that a row refers to or is about to never are."""

import json
import threading
from datetime import UTC, datetime, timedelta

from agentops_server.domain.media import name_content
from agentops_server.ingest.work import Work
from agentops_server.queries.events import get_event
from agentops_server.storage.objects.store import GRACE
from tests.server.making import make_origin, make_update

from .keeping import House, image

LATER = datetime.now(UTC) + GRACE + timedelta(hours=1)


def test_what_a_kill_left_between_object_and_row_goes_after_its_time(house: House) -> None:
    content = json.dumps("left behind").encode()
    house.objects.put_bytes(house.project.id, name_content(content, "json"), content)
    house.collector.run()
    assert len(house.list_objects()) == 1
    assert house.collector.collect(LATER) == 1
    assert house.list_objects() == set()


def test_what_a_row_or_a_video_refers_to_stays(house: House) -> None:
    event = house.record(house.open_session(), prompt_json=image())
    video = name_content(b"video", "mp4")
    house.objects.put_bytes(house.project.id, video, b"video")
    origin = make_origin(project_id=house.project.id)
    update = make_update(origin, video=f"/v2/sessions/{origin.session_id}/objects/{video}")
    house.writer.submit(Work(updates=[update])).result()
    assert house.collector.collect(LATER) == 0
    assert house.list_objects() == {*event.objects, str(video)}


def test_an_object_of_a_row_that_is_only_in_the_journal_stays(house: House) -> None:
    session = house.open_session()
    with house.writer.held():
        event = house.record(session, prompt_json=image())
        collecting = threading.Thread(target=house.collector.collect, args=(LATER,))
        collecting.start()
        collecting.join(0.2)
    collecting.join()
    assert house.list_objects() == set(event.objects)


def test_no_event_misses_its_object_while_others_are_collected_and_deleted(house: House) -> None:
    """Writers use few images again and again, while a collector runs and sessions with the same images are deleted."""
    images = [image() for _ in range(3)]
    over = threading.Event()
    kept = [house.open_session() for _ in range(4)]
    events, problems = [], []

    def write(number: int) -> None:
        for turn in range(6):
            doomed = house.open_session()
            house.record(doomed, prompt_json=images[turn % 3])
            house.deletion.delete_sessions(house.project.id, [doomed])
            events.append(house.record(kept[number], prompt_json=images[(turn + number) % 3]))

    def collect() -> None:
        while not over.is_set():
            house.collector.collect(LATER)

    def guarded(work: object, *arguments: int) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except Exception as problem:  # noqa: BLE001 - told in the test's own thread
            problems.append(problem)

    writers = [threading.Thread(target=guarded, args=(write, number)) for number in range(4)]
    collector = threading.Thread(target=guarded, args=(collect,))
    for thread in (*writers, collector):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    collector.join()
    assert problems == []
    assert len(events) == 24
    for event in events:
        row = get_event(house.warehouse, event.project_id, event.session_id, event.id)
        assert row.objects
        assert set(row.objects) <= house.list_objects()
