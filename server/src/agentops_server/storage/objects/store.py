"""Objects by the hash of their content: a local folder, or any S3-compatible store by its URL."""

from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url
from obstore.store import ObjectStore as AnyStore

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName
from agentops_server.errors import NotFound, Unavailable

CHUNK_BYTES = 1 << 20


class ObjectStore:
    """Objects of projects. The same content within a project is kept once; between projects nothing is shared.

    Every method blocks, may be called from any thread, and raises `Unavailable` when the store does not answer.
    """

    def __init__(self, store: AnyStore) -> None:
        self._store = store

    @classmethod
    def open(cls, location: Path | str) -> "ObjectStore":
        """A folder, made if it is not there, or a URL like ``s3://bucket/prefix``.

        Raises:
            Unavailable: The location cannot be used.
        """
        try:
            if isinstance(location, Path):
                return cls(LocalStore(prefix=location, mkdir=True))
            return cls(from_url(location))
        except (BaseError, OSError, ValueError) as error:
            raise Unavailable(f"the object store cannot be opened: {error}") from error

    def put_file(self, project_id: ProjectId, name: MediaName, file: Path) -> None:
        """Keep a file's content under its name. What is there already stays."""
        if self.find_size(project_id, name) is not None:
            return
        try:
            obstore.put(self._store, _path(project_id, name), file)
        except (BaseError, OSError) as error:
            raise Unavailable("the object store did not take the data") from error

    def find_size(self, project_id: ProjectId, name: MediaName) -> int | None:
        """The size in bytes; None if the project has no such object."""
        try:
            return obstore.head(self._store, _path(project_id, name))["size"]
        except FileNotFoundError:
            return None
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


def _path(project_id: ProjectId, name: MediaName) -> str:
    return f"{project_id}/{name.sha256[:2]}/{name}"
