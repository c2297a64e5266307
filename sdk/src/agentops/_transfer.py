"""One file on its way to the server: hashed, then sent in parts, then named as the session's video.

Every call of `advance` is one slice of at most one part, so that the worker can look for news in between. All of it can
be begun again at any point: the server says how far it is, and ignores what it has.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ._backoff import Backoff

if TYPE_CHECKING:
    from ._protocol import Conversation
    from ._transport import Answer

PART_BYTES = 4 * 1024 * 1024
SUFFIXES = {name: name for name in ("mp4", "webm", "ogv", "mov", "png", "jpg", "webp", "gif", "wav", "mp3", "ogg")}
SUFFIXES |= {"jpeg": "jpg", "m4v": "mp4", "qt": "mov"}
"""What the server can show (docs/reference/http-api.md, uploads), by the suffix of the file."""
_SMALLEST_PART_BYTES = 64 * 1024
_MOST_BEGINNINGS = 3


class TransferError(Exception):
    """The file cannot be sent, now or later; the message says why."""


class Transfer:
    """The state of one upload. `session` is the session's id (16 bytes), `introduction` its CREATE payload."""

    def __init__(self, session: bytes, path: Path, introduction: bytes) -> None:
        self.session = session
        self.path = path
        self._introduction = introduction
        self._suffix = SUFFIXES.get(path.suffix.lower().removeprefix("."), "")
        if not self._suffix:
            raise TransferError(f"files of this kind cannot be shown; use one of {', '.join(sorted(SUFFIXES))}")
        self._descriptor = -1
        self._part_bytes = PART_BYTES
        self._backoff = Backoff()
        self.due = 0.0
        self._beginnings = 0
        self._begin()

    def _begin(self) -> None:
        self._beginnings += 1
        from hashlib import sha256  # noqa: PLC0415 - most sessions have no video

        self._digest = sha256()
        self._hashed_bytes = 0
        self._name = ""
        self._size = 0
        self._offset = -1  # not known yet

    def open(self) -> None:
        """Open the file, which may be deleted from then on. TransferError: it cannot be read, or is empty."""
        try:
            self._descriptor = os.open(self.path, os.O_RDONLY)
            if not os.fstat(self._descriptor).st_size:
                raise TransferError("the file is empty")
            os.pread(self._descriptor, 1, 0)
        except OSError as error:
            raise TransferError(error.strerror or str(error)) from error

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def advance(self, conversation: Conversation) -> bool:
        """Do one slice; true when the session has its video.

        Raises:
            TransferError: it cannot be sent. OSError: the file cannot be read any more.
        """
        from ._protocol import RetryLaterError  # noqa: PLC0415 - it imports urllib3

        if self._descriptor < 0:
            self.open()
        if not self._name:
            self._hash_slice()
            return False
        try:
            if self._offset < 0:
                self._take(self._transfer(conversation, "GET", None))
            elif self._offset < self._size:
                self._put_part(conversation)
            if self._offset == self._size:
                self._announce(conversation)
                return True
        except RetryLaterError as error:
            self.due = time.monotonic() + max(self._backoff.fail(), error.after_seconds or 0.0)
            return False
        self._backoff.clear()
        return False

    def _hash_slice(self) -> None:
        block = os.pread(self._descriptor, PART_BYTES, self._hashed_bytes)
        self._digest.update(block)
        self._hashed_bytes += len(block)
        if not block:
            self._size = self._hashed_bytes
            self._name = f"{self._digest.hexdigest()}.{self._suffix}"

    def _transfer(self, conversation: Conversation, method: str, body: bytes | None) -> Answer:
        query = f"size={self._size}" + ("" if body is None else f"&offset={self._offset}")
        path = f"/v2/uploads/{self._name}?{query}"
        return conversation.transfer(self.session, self._introduction, method, path, body)

    def _put_part(self, conversation: Conversation) -> None:
        length = min(self._part_bytes, self._size - self._offset)
        part = os.pread(self._descriptor, length, self._offset)
        if len(part) < length:  # it was cut since it was hashed
            self._begin_again("it is being changed")
            return
        answer = self._transfer(conversation, "PUT", part)
        if answer.status == 409:
            self._offset = -1  # somebody else sends the same file: ask where to go on
        elif answer.status == 413 and self._part_bytes > _SMALLEST_PART_BYTES:
            self._part_bytes //= 4
        elif answer.status in {400, 422} and self._offset + length == self._size:
            self._begin_again(answer.message)
        else:
            self._take(answer)

    def _take(self, answer: Answer) -> None:
        offset = answer.get("offset")
        if answer.status == 404:
            raise TransferError("this server takes no uploads")
        if answer.status >= 300 or not isinstance(offset, int):
            raise TransferError(f"the server refuses it (HTTP {answer.status}: {answer.message})")
        self._offset = offset
        self._url = answer.get("url")

    def _begin_again(self, reason: str) -> None:
        if self._beginnings >= _MOST_BEGINNINGS:
            raise TransferError(reason)
        self._begin()

    def _announce(self, conversation: Conversation) -> None:
        from ._protocol import Step  # noqa: PLC0415 - it imports urllib3
        from ._records import UPDATE, Record  # noqa: PLC0415

        introduced = json.loads(self._introduction)
        identity = {name: introduced.get(name) for name in ("session_id", "init_timestamp", "participant_id")}
        payload = json.dumps({**identity, "video": self._url}).encode()
        rejections = conversation.perform(
            Step(UPDATE, self.session, [Record(UPDATE, self.session, 0, payload, 0)]), self._introduction
        )
        if rejections:
            raise TransferError(rejections[0].message)
