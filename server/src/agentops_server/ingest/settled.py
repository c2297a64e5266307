"""The warehouse as readers see it: what was acknowledged is there, for a read waits until it is loaded."""

from collections.abc import Iterator, Sequence
from typing import cast
from uuid import UUID

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.errors import Unavailable
from agentops_server.ingest.pending import Pending
from agentops_server.storage.warehouse.port import Format, Parameters, Warehouse

PATIENCE_S = 10.0


class SettledWarehouse:
    """A `Warehouse` whose queries wait for the records of the session, or the project, that they ask for.

    Whom a query asks for, its parameters say: ``project_id`` with ``session_id`` or ``session_ids``, or alone for all
    of the project. One without a project waits for nothing.
    """

    def __init__(
        self, inner: Warehouse, pending: Pending, patience_s: float = PATIENCE_S, *, upto: int | None = None
    ) -> None:
        """Over another warehouse.

        Args:
            inner: That one.
            pending: What it does not have yet.
            patience_s: The longest wait.
            upto: The position in the journal that it must have; None: the one that is the last when it is asked.
        """
        self._inner = inner
        self._pending = pending
        self._patience_s = patience_s
        self._upto = upto

    def as_of_now(self) -> "SettledWarehouse":
        """The same for one request, which must see what was acknowledged before it, and need not what comes meanwhile.

        So its queries wait once, however fast events keep coming.
        """
        return SettledWarehouse(self._inner, self._pending, self._patience_s, upto=self._pending.end)

    @property
    def unsettled(self) -> Warehouse:
        """The warehouse as it is, for a request that has waited: each wait would be for a new load.

        While events keep coming, there is always something to wait for.
        """
        return self._inner

    def settle(self, project_id: ProjectId, session_ids: list[SessionId] | None = None) -> None:
        """Wait for the records of these sessions, or of all of the project.

        Raises:
            Unavailable: That takes too long.
        """
        if not self._pending.wait(project_id, session_ids, self._patience_s, self._upto):
            raise Unavailable(
                "the warehouse is behind: what was sent lately is safe, but cannot be read yet; try again in a minute"
            )

    def query(self, sql: str, parameters: Parameters) -> bytes:
        self._wait(parameters)
        return self._inner.query(sql, parameters)

    def stream(self, sql: str, parameters: Parameters, output: Format = Format.LINES) -> Iterator[bytes]:
        self._wait(parameters)
        return self._inner.stream(sql, parameters, output)

    def _wait(self, parameters: Parameters) -> None:
        project_id = parameters.get("project_id")
        if isinstance(project_id, UUID):
            self.settle(ProjectId(project_id), _sessions(parameters))

    def insert(self, table: str, rows: bytes) -> None:
        self._inner.insert(table, rows)

    def execute(self, sql: str) -> None:
        self._inner.execute(sql)

    def close(self) -> None:
        self._inner.close()


def _sessions(parameters: Parameters) -> list[SessionId] | None:
    if isinstance(session_id := parameters.get("session_id"), UUID):
        return [SessionId(session_id)]
    if "session_ids" in parameters:
        return list(cast("Sequence[SessionId]", parameters["session_ids"]))
    return None
