"""What the routes work with: put together by `agentops_server.app`, reached through the request."""

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import cast

from starlette.requests import HTTPConnection

from agentops_server.auth.cookies import PageCookies
from agentops_server.auth.keys import Keys
from agentops_server.auth.links import Links
from agentops_server.auth.project_tokens import ProjectTokens
from agentops_server.auth.tokens import SessionTokens
from agentops_server.http.listing import Listing
from agentops_server.ingest.budget import Budget
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.deletion import Deletion
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.pipeline import Pipeline
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.settling import Settler
from agentops_server.ingest.writer import Writer
from agentops_server.live.hub import Hub
from agentops_server.pricing.book import PriceBook
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.control.tombstones import Tombstones
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.objects.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms of the server, each opened once."""

    warehouse: SettledWarehouse
    writer: Writer
    changes: Changes
    asking: Executor
    """Where a request asks one question while it asks another one."""
    listing: Listing
    live: Hub
    pipeline: Pipeline
    settler: Settler
    importing: Pipeline
    control: ControlStore
    book: PriceBook
    keys: Keys
    tokens: SessionTokens
    project_tokens: ProjectTokens
    cookies: PageCookies
    links: Links
    objects: ObjectStore
    uploads: Uploads
    tombstones: Tombstones
    deletion: Deletion
    app_url: str | None
    init_project: str
    """The name of the project that the server makes when it starts."""
    max_body_bytes: int
    metrics: IngestMetrics
    budget: Budget

    def session_url(self, connection: HTTPConnection, session_id: object) -> str:
        """The address of a session's page, for a person."""
        base = (self.app_url or str(connection.base_url)).rstrip("/")
        return f"{base}/sessions/{session_id}"


def services_of(connection: HTTPConnection) -> Services:
    """The services of the application that a request came to."""
    return cast("Services", connection.app.state.services)
