"""Who needs which objects just now, so that none is deleted between its writing and the row that refers to it.

Whoever stores a row that refers to an object claims the object first, and releases it once the row is stored. Whoever
deletes objects opens a round, then waits until what was stored is readable, then asks which objects rows refer to. An
object that nobody refers to and that nobody claimed since the round began can be deleted: a claim that was released
before has its row in the answer. (Between processes there are no claims; there the time of grace stands.)
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName

Key: TypeAlias = tuple[ProjectId, MediaName]


class Round:
    """What was claimed since it was opened."""

    def __init__(self, claims: "Claims", seen: set[Key]) -> None:
        self._claims = claims
        self.seen = seen

    def delete(self, key: Key, action: Callable[[ProjectId, MediaName], None]) -> bool:
        """Run the action that deletes an object, unless it was claimed; nobody can claim it meanwhile."""
        return self._claims.delete(key, self, action)


class Claims:
    """Claims of objects. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: Counter[Key] = Counter()
        self._going: set[Key] = set()
        self._rounds: list[Round] = []

    def claim(self, keys: Iterable[Key]) -> None:
        """Hold objects; waits for one that is being deleted until it is gone."""
        wanted = set(keys)
        with self._changed:
            while wanted & self._going:
                self._changed.wait()
            self._held.update(wanted)
            for each in self._rounds:
                each.seen |= wanted

    def release(self, keys: Iterable[Key]) -> None:
        """Let objects go that were claimed once more than they were released."""
        with self._changed:
            for key in set(keys):
                self._held[key] -= 1
                if self._held[key] <= 0:
                    del self._held[key]

    @contextmanager
    def open_round(self) -> Iterator[Round]:
        """Begin to note what is claimed; what is held already is noted too."""
        with self._changed:
            opened = Round(self, set(self._held))
            self._rounds.append(opened)
        try:
            yield opened
        finally:
            with self._changed:
                self._rounds.remove(opened)

    def delete(self, key: Key, within: Round, action: Callable[[ProjectId, MediaName], None]) -> bool:
        """See `Round.delete`."""
        with self._changed:
            if key in within.seen or key in self._going:
                return False
            self._going.add(key)
        try:
            action(*key)
        finally:
            with self._changed:
                self._going.discard(key)
                self._changed.notify_all()
        return True
