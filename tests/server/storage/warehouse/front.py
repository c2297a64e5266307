"""ClickHouse's HTTP interface in front of the embedded engine: what stands in for a server in tests.

It does what a client needs: sign-in, settings, parameters in the address or in a form, compressed inserts of several
frames, answers at once or as a stream, errors with their codes, also in the middle of an answer. It proves the client's
way and the queries; replication, clusters and what else only a server does are not here.

    python -m tests.server.storage.warehouse.front FOLDER [PORT]

serves until its standard input ends, and prints its URL.
"""

import gzip
import json
import re
import secrets
import ssl
import sys
import threading
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import lz4.frame  # type: ignore[import-untyped]
from backports import zstd
from chdb import ChdbError
from chdb.state.sqlitelike import Connection

USER, PASSWORD = "writer", "p@ss/word:1"
# What is said to the interface itself and is no setting of the engine.
TRANSPORT = {"query", "database", "wait_end_of_query", "session_id", "query_id", "client_protocol_version", "compress"}
INSERT = re.compile(
    rb"\s*INSERT\s+INTO\s+(?P<target>\S+(?:\s*\([^)]*\))?)\s+FORMAT\s+(?P<format>\w+)[ \t]*\n?", re.IGNORECASE
)
PATIENCE_S = 30
CODE = re.compile(r"Code: (\d+)\.")
STATUSES = {"516": 403, "62": 400, "60": 404, "81": 404, "159": 408}


class FrontError(Exception):
    """What the engine, or the front itself, refused."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        found = CODE.search(text)
        self.code = found[1] if found else "1001"


class Front:
    """A server on a port of its own, on an engine of its own; one process can have one at a time."""

    def __init__(self, folder: Path, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._source = f"{folder / 'chdb'}?background_pool_size=2"
        self._engine = Connection(self._source)
        self.requests: list[str] = []
        """The addresses that were asked for, without hosts."""
        self.silent = threading.Event()
        """While set, a request is taken and not answered."""
        self._in_use: set[Connection] = set()
        self._returned = threading.Condition()
        handler = type("BoundHandler", (_Handler,), {"front": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"clickhouse://{USER}:p%40ss%2Fword%3A1@127.0.0.1:{self.port}/telemetry"

    def close(self) -> None:
        self.silent.clear()
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._returned:  # an answer that nobody reads any more ends at its next block
            self._returned.wait_for(lambda: not self._in_use, PATIENCE_S)
        self._engine.close()

    @contextmanager
    def connect(self, settings: dict[str, str], database: str | None) -> Iterator[Connection]:
        """A connection with settings of its own."""
        connection = Connection(self._source)
        self._in_use.add(connection)
        try:
            with engine_errors():
                if database:
                    connection.query(f"USE `{database}`")
                for name, value in settings.items():
                    connection.query(f"SET {name} = {_literal(value)}")
            yield connection
        finally:
            connection.close()
            with self._returned:
                self._in_use.discard(connection)
                self._returned.notify_all()


@contextmanager
def engine_errors() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ChdbError) as error:
        raise FrontError(str(error)) from error


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    front: Front

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *arguments: object) -> None:
        """The tests look at what is logged."""

    def _answer(self) -> None:
        self.front.requests.append(self.path)
        while self.front.silent.is_set():
            self.front.silent.wait(0.01)
        self._begun = False
        try:
            body = self._read_body()
            self._check_credentials()
            self._run(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)), body)
        except FrontError as error:
            self._fail(error)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _check_credentials(self) -> None:
        wanted = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            raise FrontError("Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)")

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return _decompress(self.rfile.read(int(self.headers.get("Content-Length", 0))), self.headers)
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return _decompress(b"".join(chunks), self.headers)

    def _run(self, address: dict[str, str], body: bytes) -> None:
        if self.headers.get("Content-Type", "").startswith("multipart/form-data"):
            address |= _decode_form(body, self.headers["Content-Type"])
            body = b""
        statement = (address["query"].encode() + b"\n" if "query" in address else b"") + body
        parameters = {n.removeprefix("param_"): v for n, v in address.items() if n.startswith("param_")}
        settings = {n: v for n, v in address.items() if n not in TRANSPORT and not n.startswith("param_")}
        with self.front.connect(settings, address.get("database")) as connection:
            if found := INSERT.match(statement):
                self._insert(connection, found["target"].decode(), found["format"].decode(), statement[found.end() :])
            elif "wait_end_of_query" in address or b"\n FORMAT " not in statement:
                with engine_errors():
                    answer = connection.query(statement.decode(), "TabSeparated", params=parameters)
                self._send(bytes(answer.bytes()), {"X-ClickHouse-Format": "TabSeparated"})
            else:
                self._stream(connection, statement.decode(), parameters)

    def _insert(self, connection: Connection, target: str, form: str, data: bytes) -> None:
        with engine_errors(), connection.send_insert(f"INSERT INTO {target}", form) as inserter:
            inserter.append(data)
            result = inserter.finish()
        self._send(b"", {"X-ClickHouse-Summary": json.dumps({"written_rows": str(result.rows_written)})})

    def _send(self, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _stream(self, connection: Connection, sql: str, parameters: dict[str, str]) -> None:
        self._tag = secrets.token_hex(8)
        sql, _, form = sql.rpartition("\n FORMAT ")
        with engine_errors():
            answer = connection.send_query(sql, form.strip(), params=parameters)
            try:
                for block in answer:
                    self._send_chunk(bytes(block.bytes()))
            finally:
                answer.close()
        self._begin_stream()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _begin_stream(self) -> None:
        if not self._begun:
            self._begun = True
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("X-ClickHouse-Exception-Tag", self._tag)
            self.send_header("X-ClickHouse-Format", "JSONEachRow")
            self.end_headers()

    def _send_chunk(self, data: bytes) -> None:
        self._begin_stream()
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()

    def _fail(self, error: FrontError) -> None:
        text = f"{error}\n".encode()
        if self._begun:
            self._send_chunk(
                f"\r\n__exception__\r\n{self._tag}\r\n{error}\n{len(text)} {self._tag}\r\n__exception__\r\n".encode()
            )
            self.close_connection = True
            return
        self.send_response(STATUSES.get(error.code, 500))
        self.send_header("X-ClickHouse-Exception-Code", error.code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()


def _literal(value: str) -> str:
    return (
        value if re.fullmatch(r"-?\d+(\.\d+)?", value) else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    )


def _decode_form(body: bytes, content_type: str) -> dict[str, str]:
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return {str(part.get_param("name", header="content-disposition")): _text(part) for part in message.iter_parts()}


def _text(part: Any) -> str:
    return bytes(part.get_payload(decode=True)).decode()


def _decompress(data: bytes, headers: Any) -> bytes:
    match headers.get("Content-Encoding", ""):
        case "gzip":
            return gzip.decompress(data)
        case "deflate":
            return zlib.decompress(data)
        case "zstd":
            return zstd.decompress(data)
        case "lz4":
            return _decompress_lz4(data)
        case _:
            return data


def _decompress_lz4(data: bytes) -> bytes:
    """Every frame, not only the first: a client writes one for each block."""
    whole = []
    while data:
        frame = lz4.frame.LZ4FrameDecompressor()
        whole.append(frame.decompress(data))
        if not frame.eof:
            raise FrontError("Code: 354. DB::Exception: The compressed data ends early. (ZLIB_INFLATE_FAILED)")
        data = frame.unused_data or b""
    return b"".join(whole)


def main(folder: str, port: str = "0") -> None:
    front = Front(Path(folder), int(port))
    print(front.url, flush=True)
    sys.stdin.read()
    front.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
