import hashlib
import os
import uuid
from pathlib import Path

import pytest

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.media import MediaName, decode_media_name
from agentops_server.errors import Conflict, Invalid, NotFound
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.objects.uploads import Uploads

PROJECT, OTHER = ProjectId(uuid.uuid4()), ProjectId(uuid.uuid4())
SESSION = SessionId(uuid.uuid4())


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore.open(tmp_path / "objects")


@pytest.fixture
def uploads(tmp_path: Path, objects: ObjectStore) -> Uploads:
    return Uploads(tmp_path / "uploads", objects, limit_bytes=1_000_000)


def _content(size: int = 1000) -> tuple[bytes, MediaName]:
    content = os.urandom(size)
    return content, MediaName(hashlib.sha256(content).hexdigest(), "mp4")


def _read(objects: ObjectStore, name: MediaName, start: int, end: int) -> bytes:
    return b"".join(objects.iter_bytes(PROJECT, name, start, end))


def test_an_upload_is_kept_when_its_last_part_comes(uploads: Uploads, objects: ObjectStore) -> None:
    content, name = _content()
    assert uploads.append(PROJECT, SESSION, name, 1000, 0, content[:600]) == 600
    assert objects.find_size(PROJECT, name) is None
    assert uploads.append(PROJECT, SESSION, name, 1000, 600, content[600:]) == 1000
    assert _read(objects, name, 0, 1000) == content
    assert _read(objects, name, 10, 20) == content[10:20]


def test_an_upload_goes_on_where_it_was_after_a_restart(tmp_path: Path, uploads: Uploads, objects: ObjectStore) -> None:
    content, name = _content()
    uploads.append(PROJECT, SESSION, name, 1000, 0, content[:600])
    reopened = Uploads(tmp_path / "uploads", objects, limit_bytes=1_000_000)
    assert reopened.get_offset(PROJECT, SESSION, name, 1000) == 600
    reopened.append(PROJECT, SESSION, name, 1000, 600, content[600:])
    assert _read(objects, name, 0, 1000) == content


def test_a_part_at_another_offset_changes_nothing(uploads: Uploads) -> None:
    content, name = _content()
    uploads.append(PROJECT, SESSION, name, 1000, 0, content[:600])
    for offset in (0, 599, 601):
        with pytest.raises(Conflict, match="at offset 600"):
            uploads.append(PROJECT, SESSION, name, 1000, offset, content[600:])
    assert uploads.get_offset(PROJECT, SESSION, name, 1000) == 600


def test_a_repeated_last_part_is_answered_as_whole(uploads: Uploads) -> None:
    content, name = _content()
    uploads.append(PROJECT, SESSION, name, 1000, 0, content)
    assert uploads.append(PROJECT, SESSION, name, 1000, 600, content[600:]) == 1000


def test_content_with_another_hash_is_not_kept(uploads: Uploads, objects: ObjectStore) -> None:
    content, name = _content()
    with pytest.raises(Invalid, match="SHA-256"):
        uploads.append(PROJECT, SESSION, name, 1000, 0, content[::-1])
    assert objects.find_size(PROJECT, name) is None
    assert uploads.get_offset(PROJECT, SESSION, name, 1000) == 0


def test_more_than_the_size_is_refused(uploads: Uploads) -> None:
    content, name = _content()
    with pytest.raises(Invalid, match="larger than its size"):
        uploads.append(PROJECT, SESSION, name, 999, 0, content)
    with pytest.raises(Invalid, match="between 1 and 1000000"):
        uploads.get_offset(PROJECT, SESSION, name, 1_000_001)


def test_another_project_has_its_own_objects(uploads: Uploads, objects: ObjectStore) -> None:
    content, name = _content()
    uploads.append(PROJECT, SESSION, name, 1000, 0, content)
    assert objects.find_size(OTHER, name) is None
    assert uploads.get_offset(OTHER, SESSION, name, 1000) == 0
    with pytest.raises(NotFound):
        list(objects.iter_bytes(OTHER, name, 0, 10))


@pytest.mark.parametrize(
    "text", ["", "a.mp4", "../../etc/passwd", "A" * 64 + ".mp4", "a" * 64 + ".html", "a" * 64 + ".mp4\n"]
)
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        decode_media_name(text)
