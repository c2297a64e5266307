"""Step: one form for what clients say in several ways."""

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Kind


def normalise(batch: Batch) -> None:
    """Give every event a name to show; times that run backwards are kept as they were sent."""
    for event in batch.events:
        if not event.name:
            event.name = event.model if event.kind == Kind.LLM else event.error_type or event.event_type
