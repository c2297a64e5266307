"""The tags of a session, as one of its participants gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from . import _wire
from ._guard import guarded
from ._plain import iter_texts
from ._process import participant_id
from ._records import UPDATE

if TYPE_CHECKING:
    from ._session import Session


class Tagged:
    """What `Session` inherits to have tags."""

    _tags: list[str]

    @property
    def tags(self) -> list[str]:
        """The tags of this participant, in order, without duplicates. A copy."""
        return list(self._tags)

    @guarded
    def add_tags(self, tags: Iterable[str] | str) -> None:
        """Append tags. A bare str is one tag; order is kept and duplicates are dropped."""
        self._change_tags([*self._tags, *_as_tags(tags)])

    @guarded
    def set_tags(self, tags: Iterable[str] | str) -> None:
        """Replace the tags. A bare str is one tag; order is kept and duplicates are dropped."""
        self._change_tags(_as_tags(tags))

    def _change_tags(self, tags: Iterable[str]) -> None:
        session = cast("Session", self)
        with session._lock:
            self._tags = iter_texts(tags)
            session._append(UPDATE, _wire.encode_tags(session, participant_id()))


def _as_tags(tags: Iterable[str] | str) -> list[str]:
    return [tags] if isinstance(tags, str) else list(tags)
