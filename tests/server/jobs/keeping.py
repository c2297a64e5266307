"""The write path with its object store and control store, and the jobs that keep or delete, without their threads."""

import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import SessionId
from agentops_server.domain.project import Project
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.deleted import iter_living, refuse_deleted
from agentops_server.ingest.deletion import Deletion
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.offload import offload_with
from agentops_server.ingest.pipeline import Pipeline
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.jobs.collect import Collector
from agentops_server.jobs.purge import Purge
from agentops_server.jobs.retention import RetentionJob
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.control.tombstones import Tombstones
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.objects.uploads import Uploads
from agentops_server.storage.warehouse.port import Warehouse
from tests.server.making import make_event, make_origin, make_update


def image(size: int = 30_000) -> str:
    """A new image as the JSON of a data URL."""
    content = b"\x89PNG\r\n\x1a\n" + os.urandom(size)
    return json.dumps(f"data:image/png;base64,{base64.b64encode(content).decode()}")


class House:
    """Everything that stores, opened on a folder."""

    def __init__(self, inner: Warehouse, folder: Path) -> None:
        self.control = ControlStore.open(control_url(folder))
        self.control.migrate()
        self.project: Project = self.control.ensure_project("default")
        self.objects = ObjectStore.open(folder / "objects")
        self.tombstones = Tombstones(self.control)
        self.changes = Changes()
        living = partial(iter_living, tombstones=self.tombstones)
        self.writer = Writer(inner, folder / "journal", changes=self.changes, living=living)
        self.warehouse = SettledWarehouse(inner, self.writer.pending)
        steps = [("refuse_deleted", refuse_deleted(self.tombstones)), ("offload", offload_with(self.objects))]
        self.pipeline = Pipeline(steps, self.writer, IngestMetrics())
        self.uploads = Uploads(folder / "uploads", self.objects, 1_000_000)
        self.deletion = Deletion(self.warehouse, self.writer, self.control, self.tombstones, self.objects, self.uploads)
        self.retention = RetentionJob(self.control, self.deletion)
        self.collector = Collector(self.control, self.warehouse, self.objects)
        self.purge = Purge(self.control, self.deletion)

    def open_session(self, received_ns: int = 0, **given: Any) -> SessionId:
        """A session of the project, which began when it was received."""
        at_ns = received_ns or time.time_ns()
        origin = make_origin(project_id=self.project.id, received_ns=at_ns)
        self.writer.submit(Work(updates=[make_update(origin, init_ns=at_ns, **given)])).result()
        return origin.session_id

    def record(self, session_id: SessionId, **given: Any) -> Event:
        """An LLM call of a session, recorded when it is received."""
        at_ns = given.pop("received_ns", 0) or time.time_ns()
        origin = make_origin(project_id=self.project.id, session_id=session_id, received_ns=at_ns)
        facts: dict[str, Any] = {"kind": "llm", "event_type": "llms", "usage": Usage(10, 5), "init_ns": at_ns}
        event = make_event(origin, **{**facts, "end_ns": at_ns, **given})
        settled = threading.Event()
        # Callbacks run in their order: after this one the pipeline's own are done.
        stored = self.pipeline.run(Batch(events=[event]))
        stored.add_done_callback(lambda _: settled.set())
        stored.result()
        settled.wait()
        return event

    def list_objects(self) -> set[str]:
        """The names of the objects that are stored."""
        return {str(found.name) for page in self.objects.iter_objects(self.project.id) for found in page}

    def close(self) -> None:
        self.writer.close()
        self.control.close()


@contextmanager
def opened(warehouse: Warehouse, folder: Path) -> Iterator[House]:
    house = House(warehouse, folder)
    try:
        yield house
    finally:
        house.close()
