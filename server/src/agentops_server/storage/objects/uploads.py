"""Uploads in parts: a file grows until it is whole, and then goes to the object store. It can be resumed at any time.

The size of the partial file is the state: nothing else has to survive a crash of either side.
"""

import hashlib
import os
import threading
from pathlib import Path

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.media import MediaName
from agentops_server.errors import Conflict, Invalid
from agentops_server.storage.objects.store import ObjectStore

_HASH_BLOCK_BYTES = 1 << 20


class Uploads:
    """Partial files of sessions, in a local folder."""

    def __init__(self, folder: Path, objects: ObjectStore, limit_bytes: int) -> None:
        self._folder = folder
        self._objects = objects
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()

    def get_offset(self, project_id: ProjectId, session_id: SessionId, name: MediaName, size_bytes: int) -> int:
        """How many bytes are here already: where to go on. `size_bytes` when it is whole.

        Raises:
            Invalid: The size is none, or over the limit.
        """
        if not 0 < size_bytes <= self._limit_bytes:
            raise Invalid(f"size must be between 1 and {self._limit_bytes} bytes")
        if self._objects.find_size(project_id, name) is not None:
            return size_bytes
        part = self._part(project_id, session_id, name)
        return part.stat().st_size if part.exists() else 0

    def append(
        self, project_id: ProjectId, session_id: SessionId, name: MediaName, size_bytes: int, offset: int, data: bytes
    ) -> int:
        """Add bytes at `offset`, and return the new offset; `size_bytes` once the object is whole and kept.

        Raises:
            Conflict: The upload is at another offset; the message says which.
            Invalid: There are more bytes than the size says, or the whole has not the hash of its name: it starts anew.
        """
        with self._lock:
            known = self.get_offset(project_id, session_id, name, size_bytes)
            if known == size_bytes and self._objects.find_size(project_id, name) is not None:
                return known
            if offset != known:
                raise Conflict(f"the upload is at offset {known}, not {offset}; go on there")
            if offset + len(data) > size_bytes:
                raise Invalid(f"these bytes would make it larger than its size of {size_bytes}")
            part = self._part(project_id, session_id, name)
            _append(part, data)
            if offset + len(data) == size_bytes:
                self._finish(project_id, name, part)
            return offset + len(data)

    def forget(self, project_id: ProjectId, session_id: SessionId | None = None) -> None:
        """Delete what was uploaded of objects that are not whole: of a session, or of all of the project's."""
        with self._lock:
            for part in (self._folder / str(project_id)).glob(f"{session_id or ''}*"):
                part.unlink(missing_ok=True)

    def _finish(self, project_id: ProjectId, name: MediaName, part: Path) -> None:
        if _hash_file(part) != name.sha256:
            part.unlink()
            raise Invalid("the content does not have the SHA-256 that names it; upload it from the start")
        self._objects.put_file(project_id, name, part)
        part.unlink()

    def _part(self, project_id: ProjectId, session_id: SessionId, name: MediaName) -> Path:
        return self._folder / str(project_id) / f"{session_id}-{name}"


def _append(part: Path, data: bytes) -> None:
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with part.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
