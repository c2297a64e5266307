"""``agentops-server`` without its journal: what requests bring goes straight into the warehouse, as one commit.

This is the other way to be durable before the answer, which the journal is measured against (ADR 10). While the file
BENCH_STALLED_WHILE exists, the warehouse takes nothing.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from agentops_server import app
from agentops_server.cli import main
from agentops_server.errors import ServerError
from agentops_server.ingest.loader import settle
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from benchmarks.server.variants.stalling import stall_inserts


class GroupCommit(Writer):
    """Whatever comes while one commit runs goes into the next."""

    def accept(self, work: Work) -> "Future[None]":
        return self.submit(work)

    def submit(self, work: Work) -> "Future[None]":
        return super().submit(work) if work.is_derived else self._take(work, None)

    def _append(self, group: Sequence[Any]) -> None:
        error = None
        try:
            self._block.store([waiting.record for waiting in group])
        except ServerError as problem:
            self._block.forget()
            error = problem
        for waiting in group:
            settle(waiting.durable, error)


if __name__ == "__main__":
    stall_inserts()
    app.Writer = GroupCommit  # type: ignore[misc]
    main()
