"""Where in the data directory of a server its control store is."""

from pathlib import Path

from sqlalchemy import URL

from agentops_server.errors import Unavailable
from agentops_server.storage.control.sqlite import sqlite_url

FILE_NAME = "control.sqlite"


def control_url(data_dir: Path, url: str | None = None) -> str | URL:
    """The URL that a setting gives, or that of the file in the data directory."""
    return url or sqlite_url(data_dir.absolute() / FILE_NAME)


def make_data_dir(data_dir: Path) -> None:
    """Make a data directory that only its owner may enter (mode 0700), with its parents, if it is not there.

    Raises:
        Unavailable: It cannot be made, or something else is in its place.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data directory {data_dir} cannot be made: {error.strerror}") from error
