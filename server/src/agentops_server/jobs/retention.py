"""Retention: empties payloads and deletes sessions when a project's policy says that they are old enough.

Both are mutations of the engine, which rewrite parts in the background: so there is a long pause between two turns, and
nothing is begun where nothing is due.
"""

import logging

from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import ProjectId
from agentops_server.ingest.deletion import Deletion
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.warehouse.payloads import empty_payloads
from agentops_server.storage.warehouse.references import list_aged

logger = logging.getLogger(__name__)

DAY_NS = 24 * 3600 * NS
# A wrong clock may date a session that runs into the past: what was heard of within a day stays.
HEARD_NS = DAY_NS
SESSIONS_AT_ONCE = 2000
PAUSE_S = 3600.0
# The part of one core that the queries may take.
SHARE = 0.1


class RetentionJob:
    """Looks at the policies of all projects."""

    def __init__(self, control: ControlStore, deletion: Deletion) -> None:
        self._control = control
        self._deletion = deletion

    def run(self) -> None:
        """One turn, now."""
        self.apply(now_ns())

    def apply(self, at_ns: int) -> None:
        """Do what is due at this time."""
        for project_id, policy in self._control.list_retentions().items():
            if policy.facts_days:
                self._delete_sessions(project_id, at_ns - policy.facts_days * DAY_NS, at_ns - HEARD_NS)
            if policy.payload_days:
                self._empty_payloads(project_id, at_ns - policy.payload_days * DAY_NS)

    def _delete_sessions(self, project_id: ProjectId, before_ns: int, heard_ns: int) -> None:
        warehouse = self._deletion.warehouse
        while aged := list_aged(warehouse, project_id, before_ns, heard_ns, SESSIONS_AT_ONCE):
            self._deletion.erase(project_id, aged)
            logger.info("retention deleted %d sessions of project %s", len(aged), project_id)

    def _empty_payloads(self, project_id: ProjectId, before_ns: int) -> None:
        if emptied := empty_payloads(self._deletion.warehouse, project_id, before_ns):
            self._deletion.wait_for_mutations()
            logger.info("retention emptied the payloads of %d events of project %s", emptied, project_id)
