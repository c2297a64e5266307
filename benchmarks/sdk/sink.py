"""A server on loopback that takes what SDKs send and has faults: ``python -m benchmarks.sdk.sink MODE [CORE]``.

It prints its port. Then it obeys lines on its standard input: a mode, which it takes on at once, or ``report``, and
answers each with a line of JSON. It ends when its standard input does.

Modes: ``ok``; ``refuse``, nobody listens; ``hang``, connections are taken and never answered; ``slow``, answers come
after five seconds; ``error``, every answer is HTTP 500 and nothing is kept.
"""

import asyncio
import json
import os
import socket
import sys

from benchmarks.sdk.receiving import JSON, Receiver

MODES = ("ok", "refuse", "hang", "slow", "error")
SLOW_S = 5.0
_BUFFER_BYTES = 1 << 22


class Sink:
    """The listening side, with one fault at a time."""

    def __init__(self) -> None:
        self.receiver = Receiver()
        self._mode = "refuse"
        self._server: asyncio.Server | None = None
        self._socket = _bind(0)
        self.port: int = self._socket.getsockname()[1]
        self._connections: set[asyncio.StreamWriter] = set()

    async def take_on(self, mode: str) -> None:
        """Behave like this from now on. Whoever is connected when nobody listens any more is cut off."""
        self._mode = mode
        if mode == "refuse" and self._server is not None:
            self._server.close()
            self._server = None
            self._socket = _bind(self.port)
            for writer in list(self._connections):
                writer.transport.abort()
        elif mode != "refuse" and self._server is None:
            self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=_BUFFER_BYTES)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while await self._answer_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        mode = self._mode
        if mode == "hang":
            await asyncio.Event().wait()
        if mode == "error":
            status, kind, answer = "500 Internal Server Error", JSON, b'{"message": "a fault of the benchmark"}'
        else:
            status, (kind, answer) = "200 OK", self.receiver.receive(head[0].split(" ")[1], headers, body)
        if mode == "slow":
            await asyncio.sleep(SLOW_S)
        lines = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(lines.encode() + answer)
        await writer.drain()
        return headers.get("connection", "").lower() != "close"


def _bind(port: int) -> socket.socket:
    """A bound socket that does not listen yet: the port is ours, and connecting to it is refused."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


async def _obey(sink: Sink, mode: str) -> None:
    await sink.take_on(mode)
    print(sink.port, flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().strip():
        if line in MODES:
            await sink.take_on(line)
        print(json.dumps(sink.receiver.report()), flush=True)
    os._exit(0)  # hanging connections are not waited for


async def _run(mode: str) -> None:
    await _obey(Sink(), mode)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        os.sched_setaffinity(0, {int(sys.argv[2])})
    asyncio.run(_run(sys.argv[1]))
