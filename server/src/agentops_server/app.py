"""The composition root: the only place that knows how the rooms of the server are wired."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI

from agentops_server import __version__
from agentops_server.auth import cookies, project_tokens, tokens
from agentops_server.auth.cookies import PageCookies
from agentops_server.auth.keys import Keys
from agentops_server.auth.links import Links
from agentops_server.auth.project_tokens import ProjectTokens
from agentops_server.auth.tokens import SessionTokens
from agentops_server.domain.clock import NS, now_ns
from agentops_server.http import (
    deleting,
    downloads,
    importing,
    live,
    media,
    otlp,
    overview,
    prices,
    reading,
    sdk_0_4,
    searching,
    series,
    signing_in,
    tagging,
    v2,
)
from agentops_server.http import keys as keys_route
from agentops_server.http import metrics as metrics_route
from agentops_server.http import projects as projects_route
from agentops_server.http.bodies import BODIES
from agentops_server.http.failures import install_failures
from agentops_server.http.listing import Listing
from agentops_server.http.middleware import Surroundings
from agentops_server.http.openapi import install_openapi
from agentops_server.http.page import install_page
from agentops_server.http.services import Services
from agentops_server.ingest.budget import Budget
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.deleted import iter_living, refuse_deleted
from agentops_server.ingest.deletion import Deletion
from agentops_server.ingest.leases import Leases
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.normalise import normalise
from agentops_server.ingest.offload import offload_with
from agentops_server.ingest.pipeline import NamedStep, Pipeline
from agentops_server.ingest.price import price_with
from agentops_server.ingest.redact import decode_patterns, redact_with
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.settling import Settler
from agentops_server.ingest.traces import ContentForm
from agentops_server.ingest.writer import Writer
from agentops_server.jobs import collect, estimate, indexing, purge, recollect, reprice, retention, summarise
from agentops_server.jobs.amending import Amendments
from agentops_server.jobs.collect import Collector
from agentops_server.jobs.estimate import Estimates
from agentops_server.jobs.indexing import Indexing
from agentops_server.jobs.purge import Purge
from agentops_server.jobs.recollect import Recollection
from agentops_server.jobs.repeating import Repeating
from agentops_server.jobs.reprice import Repricer
from agentops_server.jobs.retention import RetentionJob
from agentops_server.jobs.summarise import Summaries
from agentops_server.jobs.sweep import LeaseTerms, Sweep
from agentops_server.live.hub import Hub
from agentops_server.pricing.book import RELOAD_PAUSE_S, PriceBook
from agentops_server.pricing.files import FOLDER_NAME
from agentops_server.settings import Settings
from agentops_server.storage.control.location import control_url, make_data_dir
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.control.tombstones import Tombstones
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.objects.uploads import Uploads
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.location import open_warehouse
from agentops_server.wire.otlp.logs import fill_content, merge_parts

# Questions of all readers that are asked beside another one of the same request.
QUESTIONS_AT_ONCE = 8


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open everything, creating what is not there, and close it in order. Call it in the main thread.

    Raises:
        ServerError: Something cannot be opened; the message says what to do.
    """
    make_data_dir(settings.data_dir)
    control = ControlStore.open(control_url(settings.data_dir, settings.control_url))
    control.migrate()
    keys = Keys(control)
    control.ensure_project(settings.init_project)
    if settings.init_api_key:
        keys.seed(settings.init_project, settings.init_api_key)
    warehouse = open_warehouse(settings.warehouse_url, settings.data_dir, query_timeout_s=settings.query_timeout_s)
    migrations.migrate(warehouse)
    objects = ObjectStore.open(settings.objects_url or settings.data_dir / "objects")
    book = PriceBook(control.price_overrides, settings.data_dir / FOLDER_NAME)
    threading.Thread(target=book.load, name="agentops-prices", daemon=True).start()
    leases = Leases(now_ns())
    changes, hub = Changes(is_unsure=True), Hub()
    tombstones = Tombstones(control)
    metrics = IngestMetrics()
    writer = Writer(
        warehouse,
        settings.data_dir / "journal",
        leases,
        changes,
        metrics,
        living=partial(iter_living, tombstones=tombstones),
        publish=hub.publish,
        journal_limit_bytes=settings.max_journal_bytes,
    )
    settled = SettledWarehouse(warehouse, writer.pending)
    asking = ThreadPoolExecutor(QUESTIONS_AT_ONCE, "agentops-asking")
    uploads = Uploads(settings.data_dir / "uploads", objects, settings.max_upload_bytes)
    deletion = Deletion(settled, writer, control, tombstones, objects, uploads)
    terms = LeaseTerms(int(settings.lease_s * NS), int(settings.silent_lease_s * NS))
    sweep, summaries = Sweep(warehouse, writer, leases, terms), Summaries(warehouse, writer, changes)
    amendments = Amendments(warehouse, writer)
    repricer = Repricer(warehouse, amendments, book, control.repricings)
    jobs = [
        Repeating("sweep", sweep.run, sweep.pause_s),
        Repeating("summaries", amendments.apart_from(summaries.run), summarise.PAUSE_S, summarise.SHARE),
        Repeating("recollection", Recollection(warehouse, writer).run, recollect.PAUSE_S, recollect.SHARE),
        Repeating("indexing", Indexing(warehouse).run, indexing.PAUSE_S),
        Repeating("prices", book.load, RELOAD_PAUSE_S),
        Repeating("repricing", repricer.run, reprice.PAUSE_S, reprice.SHARE),
        Repeating("purge", Purge(control, deletion).run, purge.PAUSE_S, purge.SHARE),
        Repeating("retention", RetentionJob(control, deletion).run, retention.PAUSE_S, retention.SHARE),
        Repeating("collector", Collector(control, settled, objects).run, collect.PAUSE_S, collect.SHARE),
    ]
    if settings.estimate_tokens:
        jobs.append(
            Repeating("estimates", Estimates(warehouse, amendments, book).run, estimate.PAUSE_S, estimate.SHARE)
        )
    for job in jobs:
        job.start()
    refuse, offload = ("refuse_deleted", refuse_deleted(tombstones)), ("offload", offload_with(objects))
    redact = ("redact", redact_with(decode_patterns(settings.redact or ""), metrics))
    steps: list[NamedStep] = [refuse, ("normalise", normalise), redact, ("price", price_with(book)), offload]
    pipeline = Pipeline(steps, writer, metrics)
    try:
        yield Services(
            warehouse=settled,
            writer=writer,
            changes=changes,
            asking=asking,
            listing=Listing(settled, changes, asking),
            live=hub,
            pipeline=pipeline,
            settler=Settler(warehouse, writer, pipeline, ContentForm(merge_parts, fill_content)),
            importing=Pipeline([refuse, ("normalise", normalise), redact, offload], writer, metrics),
            control=control,
            book=book,
            keys=keys,
            tokens=SessionTokens(control.secret(tokens.SECRET_NAME)),
            project_tokens=ProjectTokens(control.secret(project_tokens.SECRET_NAME), keys),
            cookies=PageCookies(control.secret(cookies.SECRET_NAME), keys),
            links=Links(control),
            objects=objects,
            uploads=uploads,
            tombstones=tombstones,
            deletion=deletion,
            app_url=settings.app_url,
            init_project=settings.init_project,
            max_body_bytes=settings.max_body_bytes,
            metrics=metrics,
            budget=Budget(settings.max_waiting_bytes, metrics),
        )
    finally:
        for job in jobs:
            job.close()
        writer.close()
        asking.shutdown()
        warehouse.close()
        control.close()


def build_app(services: Services) -> FastAPI:
    """The ASGI application over opened services."""
    app = FastAPI(title="AgentOps", version=__version__, docs_url=None, redoc_url=None)
    app.state.services = services
    app.add_middleware(Surroundings)
    install_failures(app)
    app.include_router(v2.router)
    app.include_router(otlp.router)
    app.include_router(sdk_0_4.router)
    app.include_router(reading.router)
    app.include_router(searching.router)
    app.include_router(overview.router)
    app.include_router(series.router)
    app.include_router(keys_route.router)
    app.include_router(projects_route.router)
    app.include_router(tagging.router)
    app.include_router(live.router)
    app.include_router(media.router)
    app.include_router(prices.router)
    app.include_router(downloads.router)
    app.include_router(deleting.router)
    app.include_router(importing.router)
    app.include_router(signing_in.router)
    app.include_router(metrics_route.router)
    install_page(app, Path(str(files("agentops_server.dashboard"))) / "static")
    install_openapi(app, BODIES)
    return app
