"""The recording of a session: a URL, or a local file that the worker uploads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from . import _wire
from ._guard import attempt, guarded
from ._log import logger
from ._process import participant_id
from ._records import UPDATE

if TYPE_CHECKING:
    from os import PathLike

    from ._session import Session


class Filmed:
    """What `Session` inherits to have a recording."""

    video: str | None

    @guarded
    def set_video(self, video: str | PathLike[str]) -> None:
        """Attach a recording, by its URL or as a local file.

        A file is uploaded by the worker, in parts, when no event waits; by the next process on this machine if this one
        ends before. It is a video (mp4, webm, ogv, mov), image or sound. What cannot be read is left out, and said.
        """
        session = cast("Session", self)
        with session._lock:
            if self._take_video(video):
                session._append(UPDATE, _wire.encode_video(session, participant_id()))

    def _take_video(self, video: str | PathLike[str] | None) -> bool:
        """True when the server is to be told now."""
        session = cast("Session", self)
        if video is None:
            return False
        if _is_url(video):
            session._pipeline.cancel_upload(session._key)
            self.video = str(video)
            return True
        path = attempt(_find_path, None, video)
        if path is None:
            kind = type(video).__name__
            logger.warning("AgentOps: a video is a URL or the path of a file; this %s is none, and left out.", kind)
        elif session._pipeline.upload(session._key, path, session._introduce):
            self.video = str(video)
        return False

    @property
    def video_url(self) -> str | None:
        """The URL of the recording, if it was given by one."""
        return self.video if self.video is not None and _is_url(self.video) else None


def _is_url(video: object) -> bool:
    return attempt(str, "", video).lower().startswith(("http://", "https://"))


def _find_path(video: str | PathLike[str]) -> Path:
    return Path(os.path.abspath(Path(video).expanduser()))
