"""OTLP over gRPC, for exporters that speak nothing else: another door to the same handlers.

What a call needs of the HTTP side it asks for there: credentials, the budget of bytes in flight, errors. `grpcio` is an
extra of this distribution, ``agentops-server[grpc]``.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import Headers

from agentops_server.errors import ServerError, Unavailable
from agentops_server.http.otlp import Handler, export_logs, export_metrics, export_traces
from agentops_server.http.receiving import PROCESSING_THREADS
from agentops_server.http.senders import authenticate_sender
from agentops_server.http.services import Services
from agentops_server.wire.otlp.answers import Encoding, encode_answer

logger = logging.getLogger(__name__)

STOP_S = 10.0
# A thread waits until its call is durable, most of the time without the interpreter's lock. The body of a call is read
# once it has a thread, so these are also the bodies in memory at once; what comes meanwhile waits in the connection.
THREADS = 2 * PROCESSING_THREADS
SILENCE_MS = 30_000
"""After which a connection is asked whether it still lives."""
_SERVICES: dict[str, Handler] = {
    "opentelemetry.proto.collector.trace.v1.TraceService": export_traces,
    "opentelemetry.proto.collector.logs.v1.LogsService": export_logs,
    "opentelemetry.proto.collector.metrics.v1.MetricsService": export_metrics,
}
# Exporters send again what was UNAVAILABLE, and nothing else of these.
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    404: "NOT_FOUND",
    413: "RESOURCE_EXHAUSTED",
    415: "INVALID_ARGUMENT",
    422: "INVALID_ARGUMENT",
    429: "UNAVAILABLE",
    503: "UNAVAILABLE",
}


@contextmanager
def open_port(services: Services, host: str, port: int) -> Iterator[int]:
    """Take exports over gRPC, without TLS, until the context is left; calls on their way are answered first.

    Args:
        services: Where they go.
        host: The address to listen on.
        port: The port; 0 takes a free one, which is what the context gives.

    Raises:
        Unavailable: `grpcio` is not installed, or the port is taken.
    """
    try:
        import grpc  # noqa: PLC0415 - an extra, and 18 MB
    except ImportError:
        raise Unavailable("gRPC needs grpcio: pip install 'agentops-server[grpc]', or leave --grpc-port out") from None
    options = [
        ("grpc.max_receive_message_length", services.max_body_bytes),  # before and after it is inflated
        ("grpc.so_reuseport", 0),
        ("grpc.keepalive_time_ms", SILENCE_MS),
    ]
    pool = ThreadPoolExecutor(THREADS, "agentops-grpc")
    server = grpc.server(pool, options=options)
    for name, handler in _SERVICES.items():
        answer = _answer_with(services, handler)
        export: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(answer)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, {"Export": export}),))
    try:
        taken = server.add_insecure_port(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    except RuntimeError:
        raise Unavailable(f"cannot listen on {host}:{port} for gRPC; choose another --grpc-port") from None
    server.start()
    try:
        yield int(taken)
    finally:
        server.stop(STOP_S).wait()
        pool.shutdown()


def _answer_with(services: Services, handler: Handler) -> Callable[[bytes, Any], bytes]:
    """A method of gRPC around a blocking handler."""

    def answer(body: bytes, context: Any) -> bytes:
        try:
            return _export(services, handler, body, context.invocation_metadata())
        except ServerError as error:
            if error.status >= 500:
                logger.exception("gRPC: %s", error.message)
            _fail(context, _STATUS.get(error.status, "INTERNAL"), error.message)
        except Exception:  # as `failures` does for HTTP: told without details, and logged
            logger.exception("gRPC: a call of %s failed", handler.__name__)
            _fail(context, "INTERNAL", "internal error; the server's log has it")
        return b""

    return answer


def _export(services: Services, handler: Handler, body: bytes, metadata: Any) -> bytes:
    """Store an export, and wait until that is durable."""
    sender = authenticate_sender(services, Headers({key: value for key, value in metadata if isinstance(value, str)}))
    with services.budget.share() as share:
        share.grow(len(body))
        services.metrics.body_bytes.inc(len(body))
        outcome = handler(services, sender, Encoding.PROTOBUF, body)
        for durable in outcome.durable:
            durable.result()
    return encode_answer(outcome.signal, Encoding.PROTOBUF, outcome.rejected, outcome.message)


def _fail(context: Any, status: str, message: str) -> None:
    import grpc  # noqa: PLC0415 - see `open_port`

    context.set_code(getattr(grpc.StatusCode, status))
    context.set_details(message)
