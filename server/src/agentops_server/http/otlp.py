"""OTLP over HTTP: spans and log records of any OpenTelemetry SDK become events."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.errors import ServerError, Unsupported
from agentops_server.http.receiving import process, received
from agentops_server.http.senders import authenticate_sender
from agentops_server.http.services import Services, services_of
from agentops_server.ingest.work import Work
from agentops_server.wire.otlp import json_form, protobuf_form
from agentops_server.wire.otlp.answers import Encoding, Signal, encode_answer, encode_status, explain
from agentops_server.wire.otlp.decoding import decode_export
from agentops_server.wire.otlp.model import Export
from agentops_server.wire.otlp.origins import Sender

logger = logging.getLogger(__name__)
router = APIRouter(tags=["otlp"])

RETRY_AFTER_S = 5
NO_METRICS = (
    "this server keeps no metrics: counts, tokens, cost and durations are summed from spans and log records. "
    "Set OTEL_METRICS_EXPORTER=none to send none"
)
_FORMS = {Encoding.PROTOBUF: protobuf_form, Encoding.JSON: json_form}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an export: when it is durable, and what of it was refused."""

    signal: Signal
    durable: "list[Future[None]]"
    rejected: int = 0
    message: str = ""


Handler: TypeAlias = Callable[[Services, Sender, Encoding, bytes], Outcome]


def export_traces(services: Services, sender: Sender, encoding: Encoding, body: bytes) -> Outcome:
    """Store spans. Those that cannot be stored are counted in ``partial_success``, with the reasons."""
    return _store(services, sender, Signal.TRACES, _FORMS[encoding].decode_traces(body))


def export_logs(services: Services, sender: Sender, encoding: Encoding, body: bytes) -> Outcome:
    """Store log records: messages of model calls join their span, exceptions become errors, others events."""
    return _store(services, sender, Signal.LOGS, _FORMS[encoding].decode_logs(body))


def export_metrics(services: Services, sender: Sender, encoding: Encoding, body: bytes) -> Outcome:  # noqa: ARG001
    """Refuse every data point, and say why: nothing is kept here."""
    points = _FORMS[encoding].count_points(body)
    return Outcome(Signal.METRICS, [], points, NO_METRICS if points else "")


def _store(services: Services, sender: Sender, signal: Signal, export: Export) -> Outcome:
    decoded = decode_export(export, sender)
    others = Work(events=decoded.events, agents=list(decoded.agents.values()), updates=decoded.updates)
    reasons = list(decoded.rejections)
    durable: list[Future[None]] = []
    if decoded.spans or decoded.contents or decoded.events:
        taken = services.settler.run(sender.project_id, decoded.spans, decoded.contents, others)
        reasons += [drop.message for drop in taken.drops]
        durable.append(taken.durable)
    return Outcome(signal, durable, len(reasons), explain(reasons))


def otlp_route(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint around a blocking handler, which answers in the encoding of the request, errors too."""

    async def endpoint(request: Request) -> Response:
        try:
            return await _export(request, handler)
        except ServerError as error:
            if error.status in {429, 503}:
                error.headers.setdefault("Retry-After", str(RETRY_AFTER_S))
            if _content_type(request) == Encoding.JSON:
                raise
            if error.status >= 500:
                logger.exception("%s: %s", request.url.path, error.message)
            return Response(encode_status(error.message), error.status, error.headers, Encoding.PROTOBUF.value)

    endpoint.__name__ = handler.__name__
    endpoint.__doc__ = handler.__doc__
    return endpoint


async def _export(request: Request, handler: Handler) -> Response:
    services = services_of(request)
    sender = await process(lambda: authenticate_sender(services, request.headers))
    content_type = _content_type(request)
    if content_type not in {Encoding.PROTOBUF, Encoding.JSON}:
        raise Unsupported(
            f"Content-Type {content_type[:40]!r} is not OTLP: send {Encoding.PROTOBUF} or {Encoding.JSON}"
        )
    encoding = Encoding(content_type)
    async with received(request, services) as body:
        outcome = await process(lambda: handler(services, sender, encoding, body))
        for durable in outcome.durable:
            await asyncio.wrap_future(durable)
    answer = encode_answer(outcome.signal, encoding, outcome.rejected, outcome.message)
    return Response(answer, media_type=encoding.value)


def _content_type(request: Request) -> str:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


ROUTES = (
    ("/v1/traces", export_traces),
    ("/v1/logs", export_logs),
    ("/v1/metrics", export_metrics),
    ("/api/public/otel/v1/traces", export_traces),  # where Langfuse's SDK exports to
)
for _path, _handler in ROUTES:
    router.add_api_route(_path, otlp_route(_handler), methods=["POST"], response_class=Response)
