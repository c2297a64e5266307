"""Objects by the hash of their content: a local folder, or any S3-compatible store by its URL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url
from obstore.store import ObjectStore as AnyStore

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName, find_media_name
from agentops_server.errors import NotFound, Unavailable
from agentops_server.storage.objects.claims import Claims

CHUNK_BYTES = 1 << 20
# For how long an object that no row refers to is kept: it may be an upload whose session does not name it yet, or
# belong to a row that another process is about to store.
GRACE = timedelta(hours=24)
# What is used again after this is written again, so that its age says when it was used last, to within this.
FRESH = GRACE / 2


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as a listing shows it."""

    name: MediaName
    size_bytes: int
    used_at: datetime
    """When it was written last, by the store's clock."""


class ObjectStore:
    """Objects of projects. The same content within a project is kept once; between projects nothing is shared.

    Every method blocks, may be called from any thread, and raises `Unavailable` when the store does not answer.
    """

    def __init__(self, store: AnyStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder
        self.claims = Claims()

    @classmethod
    def open(cls, location: Path | str) -> "ObjectStore":
        """A folder, made if it is not there, or a URL like ``s3://bucket/prefix``.

        Raises:
            Unavailable: The location cannot be used.
        """
        try:
            if isinstance(location, Path):
                return cls(LocalStore(prefix=location, mkdir=True), location)
            return cls(from_url(location))
        except (BaseError, OSError, ValueError) as error:
            raise Unavailable(f"the object store cannot be opened: {error}") from error

    def put_file(self, project_id: ProjectId, name: MediaName, file: Path) -> None:
        """Keep a file's content under its name; it is durable when this returns. What is there already stays."""
        self._put(project_id, name, file)

    def put_bytes(self, project_id: ProjectId, name: MediaName, content: bytes) -> None:
        """Keep a content under its name; it is durable when this returns. What is there already stays."""
        self._put(project_id, name, content)

    def _put(self, project_id: ProjectId, name: MediaName, content: Path | bytes) -> None:
        known = self._find(project_id, name)
        if known is not None and datetime.now(UTC) - known.used_at < FRESH:
            return
        try:
            obstore.put(self._store, _path(project_id, name), content)
            self._sync(project_id, name)
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not take the data") from error

    def _sync(self, project_id: ProjectId, name: MediaName) -> None:
        """The local store leaves it to the system when files reach the disk; a remote one has them when it answers."""
        if self._folder is None:
            return
        path = self._folder / _path(project_id, name)
        for each in (path, path.parent, path.parent.parent, self._folder):
            descriptor = os.open(each, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def find_size(self, project_id: ProjectId, name: MediaName) -> int | None:
        """The size in bytes; None if the project has no such object."""
        found = self._find(project_id, name)
        return None if found is None else found.size_bytes

    def _find(self, project_id: ProjectId, name: MediaName) -> StoredObject | None:
        try:
            meta = obstore.head(self._store, _path(project_id, name))
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not answer") from error
        return StoredObject(name, meta["size"], meta["last_modified"])

    def get_bytes(self, project_id: ProjectId, name: MediaName) -> bytes:
        """A whole content; raise `NotFound` if the project has no such object."""
        try:
            return bytes(obstore.get(self._store, _path(project_id, name)).bytes())
        except FileNotFoundError:
            raise NotFound("no such object in this project") from None
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not answer") from error

    def iter_bytes(self, project_id: ProjectId, name: MediaName, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in chunks of at least a MiB.

        Raises:
            NotFound: The project has no such object.
        """
        try:
            found = obstore.get(self._store, _path(project_id, name), options={"range": (start, end)})
            for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)
        except FileNotFoundError:
            raise NotFound("no such object in this project") from None
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not answer") from error

    def iter_objects(self, project_id: ProjectId) -> Iterator[list[StoredObject]]:
        """Everything that a project has, in pages."""
        try:
            for page in obstore.list(self._store, prefix=str(project_id), chunk_size=1000):
                named = ((find_media_name(meta["path"].rpartition("/")[2]), meta) for meta in page)
                yield [StoredObject(name, meta["size"], meta["last_modified"]) for name, meta in named if name]
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not answer") from error

    def delete(self, project_id: ProjectId, name: MediaName) -> None:
        """Delete an object; one that is not there is no error. Whether it is used is for the caller to know."""
        try:
            obstore.delete(self._store, _path(project_id, name))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not answer") from error


def _path(project_id: ProjectId, name: MediaName) -> str:
    return f"{project_id}/{name.sha256[:2]}/{name}"
