"""What the write path counts, in Prometheus form. No label names a project, or anything that a client chose."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from agentops_server.domain.batch import DropReason

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_BYTES = tuple(1 << shift for shift in range(10, 28, 2))


class IngestMetrics:
    """One of a server; tests make their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry = registry or CollectorRegistry()
        self.events = Counter("agentops_events", "Events that came out of a step", ["step"], registry=registry)
        self.drops = Counter(
            "agentops_dropped_events", "Events that a step did not let pass", ["step", "reason"], registry=registry
        )
        self.redactions = Counter(
            "agentops_redactions", "Secrets that were taken out of events", ["pattern"], registry=registry
        )
        self.acknowledged = Counter(
            "agentops_acknowledged_events", "Events that were acknowledged as durable", registry=registry
        )
        self.body_bytes = Counter("agentops_body_bytes", "Bytes of bodies, decompressed", registry=registry)
        self.refusals = Counter(
            "agentops_refused_requests", "Requests that were asked to come back later", ["why"], registry=registry
        )
        self.refused_records = Counter(
            "agentops_refused_records", "Records that the warehouse refused and that are kept", registry=registry
        )
        self.ack_seconds = Histogram(
            "agentops_ack_seconds",
            "From the whole body of a request to its being durable",
            registry=registry,
            buckets=_SECONDS,
        )
        self.append_seconds = Histogram(
            "agentops_journal_append_seconds", "Appending and syncing a group", registry=registry, buckets=_SECONDS
        )
        self.load_seconds = Histogram(
            "agentops_load_seconds", "Storing a block in the warehouse", registry=registry, buckets=_SECONDS
        )
        self.load_bytes = Histogram(
            "agentops_load_bytes", "Size of a block that was stored", registry=registry, buckets=_BYTES
        )
        self.in_flight_bytes = Gauge(
            "agentops_in_flight_bytes", "Bodies that are being read or stored", registry=registry
        )
        self.journal_bytes = Gauge(
            "agentops_journal_waiting_bytes", "What is in the journal and not in the warehouse", registry=registry
        )
        self.is_stalled = Gauge("agentops_warehouse_stalled", "1 while the warehouse takes nothing", registry=registry)
        self.changed_sessions = Gauge(
            "agentops_unsummed_sessions", "Sessions that changed since they were summed up", registry=registry
        )
        for reason in DropReason:
            self.drops.labels("admit", reason.value)  # shown as 0 before there is one

    def loaded(self, size_bytes: int, seconds: float) -> None:
        """A block was stored."""
        self.load_bytes.observe(size_bytes)
        self.load_seconds.observe(seconds)

    def stalled(self, is_stalled: bool) -> None:
        """The warehouse takes nothing, or takes it again."""
        self.is_stalled.set(is_stalled)
