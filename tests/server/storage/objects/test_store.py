"""The object store on a local folder and on an S3-compatible server."""

import os
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from moto.server import ThreadedMotoServer

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName, name_content
from agentops_server.errors import NotFound, Unavailable
from agentops_server.storage.objects.store import FRESH, ObjectStore

PROJECT, OTHER = ProjectId(uuid.uuid4()), ProjectId(uuid.uuid4())
CONTENT = b"0123456789" * 1000


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    if request.param == "folder":
        return ObjectStore.open(tmp_path / "objects")
    url = request.getfixturevalue("s3_url")
    bucket = f"bucket-{uuid.uuid4()}"
    urllib3.request("PUT", f"{url}/{bucket}", timeout=60)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    return ObjectStore.open(f"s3://{bucket}/a/prefix")


def put(objects: ObjectStore, content: bytes = CONTENT) -> MediaName:
    name = name_content(content, "json")
    objects.put_bytes(PROJECT, name, content)
    return name


def list_names(objects: ObjectStore) -> list[MediaName]:
    return [found.name for page in objects.iter_objects(PROJECT) for found in page]


def test_what_was_put_is_there_whole_and_in_ranges(objects: ObjectStore) -> None:
    name = put(objects)
    assert objects.find_size(PROJECT, name) == len(CONTENT)
    assert objects.get_bytes(PROJECT, name) == CONTENT
    assert b"".join(objects.iter_bytes(PROJECT, name, 5, 25)) == CONTENT[5:25]


def test_a_file_is_kept_like_bytes(objects: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    name = name_content(CONTENT, "mp4")
    objects.put_file(PROJECT, name, tmp_path / "file")
    assert objects.get_bytes(PROJECT, name) == CONTENT


def test_a_listing_has_each_object_of_the_project_once(objects: ObjectStore) -> None:
    names = {put(objects, content) for content in (b"one", b"two", b"one")}
    objects.put_bytes(OTHER, name_content(b"three", "txt"), b"three")
    assert sorted(map(str, list_names(objects))) == sorted(map(str, names))


def test_a_deleted_object_is_gone_and_to_delete_it_again_is_no_error(objects: ObjectStore) -> None:
    name = put(objects)
    objects.delete(PROJECT, name)
    objects.delete(PROJECT, name)
    assert objects.find_size(PROJECT, name) is None
    assert list_names(objects) == []
    with pytest.raises(NotFound):
        objects.get_bytes(PROJECT, name)


def test_another_project_has_not_got_it(objects: ObjectStore) -> None:
    name = put(objects)
    assert objects.find_size(OTHER, name) is None
    with pytest.raises(NotFound):
        objects.get_bytes(OTHER, name)


def test_what_is_used_again_soon_is_not_written_again(tmp_path: Path) -> None:
    objects = ObjectStore.open(tmp_path)
    name = put(objects)
    (path,) = tmp_path.rglob("*.json")
    written = path.stat().st_ino, path.stat().st_mtime_ns
    put(objects)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == written
    assert list_names(objects) == [name]


def test_what_is_used_again_later_counts_as_used_then(tmp_path: Path) -> None:
    objects = ObjectStore.open(tmp_path)
    put(objects)
    (path,) = tmp_path.rglob("*.json")
    old_s = time.time() - FRESH.total_seconds() - 60
    os.utime(path, (old_s, old_s))
    put(objects)
    ((found,),) = objects.iter_objects(PROJECT)
    assert datetime.now(UTC) - found.used_at < timedelta(minutes=30)


def test_the_same_content_put_by_many_at_once_is_one_whole_object(tmp_path: Path) -> None:
    objects = ObjectStore.open(tmp_path)
    threads = [threading.Thread(target=put, args=(objects,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (name,) = list_names(objects)
    assert objects.get_bytes(PROJECT, name) == CONTENT


def test_a_url_that_is_none_is_refused() -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        ObjectStore.open("nothing-of-this-kind://bucket")
