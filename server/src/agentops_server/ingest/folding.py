"""What participants say of sessions, folded into what is stored. There is one thread that does it, and so no race."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session, SessionUpdate, apply
from agentops_server.ingest.entry import SessionKey
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.sessions import find_sessions

KNOWN_SESSIONS = 10_000
SESSIONS_AT_ONCE = 500


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
        told = list(updates)
        stored = self._ask({(update.project_id, update.session_id) for update in told} - self._known.keys())
        changed: dict[SessionKey, Session] = {}
        for update in told:
            key = (update.project_id, update.session_id)
            known = changed.get(key) or self._known.get(key) or stored.get(key)
            session = apply(known, update)
            if known is None or replace(session, version=known.version) != known:
                changed[key] = session
        return changed

    def _ask(self, keys: Iterable[SessionKey]) -> dict[SessionKey, Session]:
        """Those of these sessions that are stored: one query for many, of which most begin just now."""
        of_project: dict[ProjectId, list[SessionId]] = defaultdict(list)
        for project_id, session_id in keys:
            of_project[project_id].append(session_id)
        return {
            (project_id, session.id): session
            for project_id, session_ids in of_project.items()
            for first in range(0, len(session_ids), SESSIONS_AT_ONCE)
            for session in find_sessions(self._warehouse, project_id, session_ids[first : first + SESSIONS_AT_ONCE])
        }

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
