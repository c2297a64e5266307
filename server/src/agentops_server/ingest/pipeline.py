"""The corridor that every event goes through, whichever door it came in by: a list of named steps, then the writer.

A step takes a batch and changes it in place. Decoding (admit) happens in `agentops_server.wire`, which knows the
protocols; what can be said of an event without its protocol happens here.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeAlias

from agentops_server.domain.batch import Batch
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer

Step: TypeAlias = Callable[[Batch], None]


class Pipeline:
    """Runs the steps in order and hands the batch to the writer."""

    def __init__(self, steps: Sequence[Step], writer: Writer) -> None:
        self._steps = tuple(steps)
        self._writer = writer

    def run(self, batch: Batch) -> "Future[None]":
        """Process the batch; the future is done once its events are durable.

        Raises:
            Busy: Too much waits to be written; nothing of the batch was taken.
        """
        for step in self._steps:
            step(batch)
        return self._writer.submit(Work(events=batch.events))
