"""What participants say of sessions, folded into what is stored. There is one thread that does it, and so no race."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace

from agentops_server.domain.session import Session, SessionUpdate, apply
from agentops_server.ingest.entry import SessionKey
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.sessions import find_session

KNOWN_SESSIONS = 10_000


class Folding:
    """Knows the sessions that were spoken of last, so that an update costs no query."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._known: OrderedDict[SessionKey, Session] = OrderedDict()

    def fold(self, updates: Iterable[SessionUpdate]) -> dict[SessionKey, Session]:
        """The sessions that change by these updates, as they are then. Folding the same ones again changes nothing.

        Raises:
            Unavailable: A session has to be asked for, and the warehouse does not answer.
        """
        changed: dict[SessionKey, Session] = {}
        for update in updates:
            key = (update.project_id, update.session_id)
            known = changed.get(key) or self._find(key)
            session = apply(known, update)
            if known is None or replace(session, version=known.version) != known:
                changed[key] = session
        return changed

    def _find(self, key: SessionKey) -> Session | None:
        return self._known[key] if key in self._known else find_session(self._warehouse, *key)

    def remember(self, sessions: dict[SessionKey, Session]) -> None:
        """These are stored."""
        for key, session in sessions.items():
            self._known[key] = session
            self._known.move_to_end(key)
        while len(self._known) > KNOWN_SESSIONS:
            self._known.popitem(last=False)

    def forget(self) -> None:
        """Ask the warehouse from now on: it may hold something else than we know."""
        self._known.clear()
