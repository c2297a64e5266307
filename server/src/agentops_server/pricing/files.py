"""Price files: what `agentops-server prices refresh` keeps beside the data, the newest of which is in force."""

import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from agentops_server.errors import Unavailable
from agentops_server.pricing.library import Library

FOLDER_NAME = "prices"
_STAMP = "%Y%m%dT%H%M%S%fZ"
_BUNDLED = "bundled"


class PriceFiles:
    """A folder of price files. Older ones stay, so that a price version that events name can be looked up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_newest(self) -> Path | None:
        """The file in force, or None where the prices that came with the library are."""
        names = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        return names[-1] if names and not names[-1].stem.endswith(_BUNDLED) else None

    def add(self, content: bytes, at: datetime) -> Path:
        """Put a file in force; it is whole and durable when this returns."""
        return self._write(f"{at.astimezone(UTC):{_STAMP}}-{sha256(content).hexdigest()[:8]}.json", content)

    def use_bundled(self, at: datetime) -> None:
        """Put the prices in force that came with the library."""
        self._write(f"{at.astimezone(UTC):{_STAMP}}-{_BUNDLED}.json", b"")

    def _write(self, name: str, content: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{name}.unfinished"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.replace(self._folder / name)


def version_of(path: Path) -> str:
    """The price version of a file: its day and the first digits of its SHA-256."""
    stamp, _, digest = path.stem.rpartition("-")
    return f"genai-prices {datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC):%Y-%m-%d} {digest}"


def read_library(path: Path) -> Library:
    """The prices of a file of the folder.

    Raises:
        Unavailable: It cannot be read.
        Invalid: It is not a price file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"the price file {path.name} cannot be read: {error.strerror}") from None
    return Library.decode(content, version_of(path))
