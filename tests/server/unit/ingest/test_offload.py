"""Payloads that are too large for a row: out of the event, into the store, and back exactly."""

import base64
import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName, decode_media_name, name_content
from agentops_server.errors import Unavailable
from agentops_server.ingest.offload import WHOLE_BYTES, offload_with
from agentops_server.storage.objects.restoring import restore_row
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.rows import event_row
from tests.server.making import make_event, make_origin

ORIGIN = make_origin()
PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(30_000)
WAV = b"RIFF\x00\x00\x00\x00WAVEfmt " + os.urandom(30_001)
FIELDS = ["params_json", "returns_json", "logs_json", "prompt_json", "completion_json", "details_json", "tools_json"]


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore.open(tmp_path / "objects")


def offload(objects: ObjectStore, **given: Any) -> Event:
    event = make_event(ORIGIN, **given)
    batch = Batch(events=[event])
    offload_with(objects)(batch)
    batch.settle()
    return event


def restored(objects: ObjectStore, event: Event) -> Any:
    return restore_row(objects, event_row(event))


def as_url(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def list_names(objects: ObjectStore) -> list[MediaName]:
    return [found.name for page in objects.iter_objects(ORIGIN.project_id) for found in page]


@pytest.mark.parametrize("field", FIELDS)
def test_a_payload_over_the_limit_goes_out_and_comes_back(objects: ObjectStore, field: str) -> None:
    text = json.dumps({"text": "é" * WHOLE_BYTES})
    event = offload(objects, **{field: text})
    marker = json.loads(getattr(event, field))["agentops-object"]
    name = name_content(text.encode(), "json")
    assert event.objects == [str(name)]
    assert (marker["name"], marker["media_type"]) == (str(name), "application/json")
    assert marker["bytes"] == len(text.encode())
    assert text.startswith(marker["preview"])
    assert marker["preview"]
    assert getattr(restored(objects, event), field.removesuffix("_json")) == text


def test_a_payload_of_the_limit_stays(objects: ObjectStore) -> None:
    text = json.dumps("x" * (WHOLE_BYTES - 2))
    event = offload(objects, params_json=text)
    assert (event.params_json, event.objects) == (text, [])
    assert list_names(objects) == []


def test_an_image_inside_a_small_payload_goes_out_alone(objects: ObjectStore) -> None:
    messages = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": as_url(PNG)}}]}]
    event = offload(objects, prompt_json=json.dumps(messages))
    name = name_content(PNG, "png")
    (url,) = (part["image_url"]["url"] for part in json.loads(event.prompt_json)[0]["content"])
    assert url == f"data:image/png;base64,agentops-object:{name}:{len(PNG)}"
    assert objects.get_bytes(ORIGIN.project_id, name) == PNG
    assert restored(objects, event).prompt == json.dumps(messages)


def test_sound_and_screenshots_and_attributes_too(objects: ObjectStore) -> None:
    sound = json.dumps({"input_audio": {"data": base64.b64encode(WAV).decode(), "format": "wav"}})
    event = offload(objects, prompt_json=sound, screenshot=as_url(PNG), attributes={"a": as_url(PNG), "b": "small"})
    assert sorted(event.objects) == sorted([str(name_content(WAV, "wav")), str(name_content(PNG, "png"))])
    assert len(event.prompt_json) + len(event.screenshot) + len(event.attributes["a"]) < 1000
    row = restored(objects, event)
    assert (row.prompt, row.screenshot, row.attributes) == (
        sound,
        as_url(PNG),
        {"a": as_url(PNG), "b": "small"},
    )


def test_the_same_image_in_a_hundred_events_is_kept_once(objects: ObjectStore) -> None:
    for _ in range(100):
        offload(objects, prompt_json=json.dumps(as_url(PNG)))
    assert list_names(objects) == [name_content(PNG, "png")]


def test_a_payload_that_is_large_beside_its_image_goes_out_with_a_marker_inside(objects: ObjectStore) -> None:
    text = json.dumps(["words " * WHOLE_BYTES, as_url(PNG)])
    event = offload(objects, prompt_json=text)
    assert set(event.objects) == set(map(str, list_names(objects)))
    assert len(event.objects) == 2
    assert restored(objects, event).prompt == text


@pytest.mark.parametrize(
    "digits",
    [
        base64.b64encode(os.urandom(30_000)).decode(),
        base64.b64encode(PNG).decode()[:-1],
        base64.b64encode(PNG).decode() + "A",
        "iVBORw0KGgoA" + "A" * 20_001 + "==",
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20_000).decode()[:-2] + "B=",
    ],
    ids=["no media", "cut off", "one too many", "wrong length", "not canonical"],
)
def test_base64_that_would_not_come_back_the_same_stays(objects: ObjectStore, digits: str) -> None:
    event = offload(objects, prompt_json=json.dumps(digits))
    assert restored(objects, event).prompt == json.dumps(digits)
    if event.objects == []:
        assert event.prompt_json == json.dumps(digits)


def test_a_text_that_looks_like_a_marker_comes_back_as_it_was(objects: ObjectStore) -> None:
    known = name_content(PNG, "png")
    imitation = f"agentops-object:{known}:{len(PNG)}"
    texts = [json.dumps([as_url(PNG), imitation]), json.dumps({"agentops-object": {"name": str(known)}})]
    event = offload(objects, prompt_json=texts[0], params_json=texts[1], returns_json=json.dumps(as_url(PNG)))
    row = restored(objects, event)
    assert (row.prompt, row.params, row.returns) == (*texts, json.dumps(as_url(PNG)))


def test_a_small_event_with_the_word_is_left_alone(objects: ObjectStore) -> None:
    text = json.dumps(f"agentops-object:{name_content(PNG, 'png')}:1")
    event = offload(objects, prompt_json=text)
    assert (event.prompt_json, event.objects) == (text, [])
    assert restored(objects, event).prompt == text


def test_another_projects_object_is_not_read_by_naming_it(objects: ObjectStore) -> None:
    other, secret = ProjectId(uuid.uuid4()), b'"the secret of another project"'
    name = name_content(secret, "json")
    objects.put_bytes(other, name, secret)
    marker = json.dumps({"agentops-object": {"name": str(name), "media_type": "", "bytes": 1, "preview": ""}})
    event = make_event(ORIGIN, params_json=marker.replace(" ", ""), objects=[str(name)])
    assert "secret" not in restored(objects, event).params


def test_an_object_that_is_missing_leaves_its_marker(objects: ObjectStore, caplog: pytest.LogCaptureFixture) -> None:
    event = offload(objects, prompt_json=json.dumps(as_url(PNG)))
    objects.delete(ORIGIN.project_id, decode_media_name(event.objects[0]))
    assert restored(objects, event).prompt == event.prompt_json
    assert event.objects[0] in caplog.text


def test_a_store_that_does_not_take_it_fails_the_batch(tmp_path: Path) -> None:
    objects = ObjectStore.open(tmp_path / "objects")
    (tmp_path / "objects" / str(ORIGIN.project_id)).write_text("in the way")
    with pytest.raises(Unavailable):
        offload(objects, params_json=json.dumps("x" * WHOLE_BYTES))


@given(st.lists(st.sampled_from(['"', "\\u00e9", "é", "A" * 9000, "/", "agentops-object:", as_url(PNG), "=", "{"])))
def test_whatever_is_sent_comes_back(parts: list[str]) -> None:
    text = json.dumps("".join(parts))
    store = memory_store()
    assert restored(store, offload(store, prompt_json=text, screenshot=text)).prompt == text


def memory_store() -> ObjectStore:
    from obstore.store import MemoryStore

    return ObjectStore(MemoryStore())
