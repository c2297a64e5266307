"""The corridor that every event goes through, whichever door it came in by: a list of named steps, then the writer.

A step takes a batch and changes it in place. Decoding (admit) happens in `agentops_server.wire`, which knows the
protocols; what can be said of an event without its protocol happens here.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from typing import TypeAlias

from agentops_server.domain.agent import Agent
from agentops_server.domain.batch import Batch
from agentops_server.domain.session import SessionUpdate
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer

Step: TypeAlias = Callable[[Batch], None]
NamedStep: TypeAlias = tuple[str, Step]


class Pipeline:
    """Runs the steps in order, counts what each lets pass and drops, and hands the batch to the writer."""

    def __init__(self, steps: Sequence[NamedStep], writer: Writer, metrics: IngestMetrics) -> None:
        self._steps = tuple(steps)
        self._writer = writer
        self._metrics = metrics

    def run(self, batch: Batch, agents: Sequence[Agent] = (), updates: Sequence[SessionUpdate] = ()) -> "Future[None]":
        """Process the batch; the future is done once its events, and what is told beside them, are durable.

        A step drops an event by moving it to the batch's drops.

        Args:
            batch: The events.
            agents: What the same request tells of agents.
            updates: What it tells of sessions.

        Raises:
            Busy: Too much waits to be written; nothing of all this was taken.
        """
        with ExitStack() as unless_accepted:
            unless_accepted.callback(batch.settle)
            counted = self._count("admit", batch, 0)
            for name, step in self._steps:
                step(batch)
                counted = self._count(name, batch, counted)
            durable = self._writer.accept(Work(events=batch.events, agents=agents, updates=updates))
            unless_accepted.pop_all()
        durable.add_done_callback(lambda done: self._acknowledge(done, len(batch.events)))
        durable.add_done_callback(lambda _: batch.settle())
        return durable

    def _count(self, step: str, batch: Batch, counted: int) -> int:
        """Count what came out of a step; returns how many drops are counted by now."""
        self._metrics.events.labels(step).inc(len(batch.events))
        for drop in batch.drops[counted:]:
            self._metrics.drops.labels(step, drop.reason.value).inc()
        return len(batch.drops)

    def _acknowledge(self, done: "Future[None]", events: int) -> None:
        if not done.cancelled() and done.exception() is None:
            self._metrics.events.labels("write").inc(events)
            self._metrics.acknowledged.inc(events)
