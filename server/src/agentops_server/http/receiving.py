"""Bodies of requests: read piece by piece, inflated while they arrive, and no more of them than there is memory for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import ClientDisconnect, Request

from agentops_server.errors import BadRequest, Busy, TooLarge
from agentops_server.http.services import Services
from agentops_server.ingest.budget import Share
from agentops_server.wire.encodings import Compressed, Plain, open_encoding

SILENCE_S = 30.0
"""How long a client may send nothing in the middle of a body."""
# Decoding holds the interpreter's lock: more threads would use memory, and gain nothing.
PROCESSING_THREADS = 4
_INLINE_BYTES = 16 << 10

_T = TypeVar("_T")
_processing = CapacityLimiter(PROCESSING_THREADS)


async def process(work: Callable[[], _T]) -> _T:
    """Run what decodes a body in one of few threads, which are not those that answer readers."""
    return await anyio.to_thread.run_sync(work, limiter=_processing)


@asynccontextmanager
async def received(request: Request, services: Services, limit_bytes: int | None = None) -> AsyncIterator[bytes]:
    """The whole body without its content encoding. It counts as in flight until the context is left.

    Args:
        request: Whose body.
        services: Where it is counted.
        limit_bytes: The largest that is taken, where it is not the one for all.

    Raises:
        Unsupported: Its content encoding is not one that we know.
        TooLarge: It is larger than the limit, inflated or not; the rest of it is not read.
        BadRequest: It is not in its encoding, or does not come.
        Busy: Too many bodies are in flight already.
    """
    with services.budget.share() as share:
        body = await _receive(request, limit_bytes or services.max_body_bytes, share)
        services.metrics.body_bytes.inc(len(body))
        yield body


async def _receive(request: Request, limit_bytes: int, share: Share) -> bytes:
    encoding = open_encoding(request.headers.get("Content-Encoding", ""), limit_bytes)
    try:
        async with asyncio.timeout(SILENCE_S) as silence:
            try:
                return await _read(request, encoding, limit_bytes, share, silence)
            except Busy:
                await _drain(request, limit_bytes, silence)
                raise
    except TimeoutError:
        raise BadRequest(f"the rest of the body did not come within {SILENCE_S:.0f} s") from None
    except ClientDisconnect:
        raise BadRequest("the client went away before its body was complete") from None


async def _read(
    request: Request, encoding: Plain | Compressed, limit_bytes: int, share: Share, silence: asyncio.Timeout
) -> bytes:
    pieces = []
    declared = _declared_bytes(request, limit_bytes) if isinstance(encoding, Plain) else 0
    share.grow(declared)  # before it is read: of many large bodies some come through, instead of a part of each
    async for chunk in request.stream():
        silence.reschedule(asyncio.get_running_loop().time() + SILENCE_S)
        is_cheap = isinstance(encoding, Plain) or len(chunk) <= _INLINE_BYTES
        piece = encoding.feed(chunk) if is_cheap else await process(lambda data=chunk: encoding.feed(data))  # type: ignore[misc]
        if not declared:
            share.grow(len(piece))
        pieces.append(piece)
    encoding.finish()
    return b"".join(pieces)


def _declared_bytes(request: Request, limit_bytes: int) -> int:
    """What ``Content-Length`` says, 0 without one; raises `TooLarge` for more than the limit."""
    text = request.headers.get("Content-Length", "")
    declared = int(text) if text.isascii() and text.isdigit() else 0
    if declared > limit_bytes:
        raise TooLarge(f"the body is larger than {limit_bytes} bytes; send smaller batches")
    return declared


async def _drain(request: Request, limit_bytes: int, silence: asyncio.Timeout) -> None:
    """Read the rest and throw it away: a client that is still sending would not see the answer."""
    drained = 0
    with suppress(RuntimeError):  # it was read to its end already
        async for chunk in request.stream():
            silence.reschedule(asyncio.get_running_loop().time() + SILENCE_S)
            drained += len(chunk)
            if drained > limit_bytes:
                return
