"""The tags of a session, as one of its participants gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from . import _wire
from ._guard import guarded
from ._plain import iter_texts
from ._process import participant_id
from ._records import UPDATE
from ._traits import read_tags

if TYPE_CHECKING:
    from ._session import Session
    from ._traits import Tags


class Tagged:
    """What `Session` inherits to have tags."""

    _tags: list[str]

    @property
    def tags(self) -> list[str]:
        """The tags of this participant, in order, without duplicates. A copy."""
        return list(self._tags)

    @guarded
    def add_tags(self, tags: Tags) -> None:
        """Append tags. A bare str is one tag, a pair of an object `name:value`; duplicates are dropped."""
        if found := read_tags(tags):
            self._change_tags([*self._tags, *found])

    @guarded
    def set_tags(self, tags: Tags) -> None:
        """Replace the tags. A bare str is one tag, a pair of an object `name:value`; duplicates are dropped."""
        found = read_tags(tags)
        if found or isinstance(tags, Iterable):  # else it is no list of none
            self._change_tags(found)

    def _change_tags(self, tags: Iterable[str]) -> None:
        session = cast("Session", self)
        with session._lock:
            self._tags = iter_texts(tags)
            session._append(UPDATE, _wire.encode_tags(session, participant_id()))
