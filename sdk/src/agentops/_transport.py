"""One HTTP request to one server, and what came back. Used on the worker's thread, and by get_analytics."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from ._guard import attempt
from ._version import __version__

Body = bytes | Iterator[bytes] | None
_CONNECT_SECONDS = 5.0
FIRST_READ_SECONDS = 10.0
LONGEST_READ_SECONDS = 60.0
_PATIENCE = 3.0
_COMPRESS_FROM_BYTES = 4096
_LONGEST_WAIT_SECONDS = 3600.0


class UnreachableError(Exception):
    """No connection: refused, no such host, no route, timed out. Sending again is right."""


class BadAnswerError(Exception):
    """No whole answer came over a connection: timed out, cut short, or not JSON. Sending again is right, and safe.

    `waited_seconds` says how long nothing came.
    """

    def __init__(self, message: str, waited_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.waited_seconds = waited_seconds


class Answer(NamedTuple):
    """A whole answer: HTTP status, decoded JSON, and the seconds of its Retry-After header, if any."""

    status: int
    body: object
    retry_after_seconds: float | None

    @property
    def message(self) -> str:
        """The server's own words."""
        if isinstance(self.body, dict):
            return str(self.body.get("message") or self.body.get("error") or self.body)
        return str(self.body)[:300]

    def get(self, name: str) -> object:
        return self.body.get(name) if isinstance(self.body, dict) else None


class Transport:
    """Connections to one endpoint, kept open. Safe to use from two threads."""

    def __init__(self, endpoint: str, api_key: str, parent_key: str | None) -> None:
        self.endpoint = endpoint
        self._headers = {"User-Agent": f"agentops-python/{__version__}", "Accept": "application/json"}
        self._key_headers = {"X-Agentops-Api-Key": api_key}
        if parent_key:
            self._key_headers["X-Agentops-Parent-Key"] = parent_key
        host = urlsplit(endpoint).hostname or ""
        self._is_loopback = host == "localhost" or host.startswith("127.") or host == "::1"
        self._pool = _open_pool(endpoint, host, self._is_loopback)
        self._read_seconds = FIRST_READ_SECONDS

    def post(
        self, path: str, body: bytes, token: str | None = None, meanwhile: Callable[[], None] | None = None
    ) -> Answer:
        """Send JSON with the session's token, or with the API key. UnreachableError, BadAnswerError: no answer.

        `meanwhile` is called when all is sent, before the answer is waited for.
        """
        credentials = {"Authorization": f"Bearer {token}"} if token else self._key_headers
        headers = {**self._headers, **credentials, "Content-Type": "application/json"}
        if not self._is_loopback and len(body) >= _COMPRESS_FROM_BYTES:
            body = gzip.compress(body, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        if meanwhile is None:
            return self._send("POST", path, headers, body)
        headers["Content-Length"] = str(len(body))
        return self._send("POST", path, headers, _then(body, meanwhile))

    def transfer(self, method: str, path: str, body: bytes | None, token: str) -> Answer:
        """GET, or PUT bytes as they are, with the session's token. UnreachableError, BadAnswerError: as for `post`."""
        headers = {**self._headers, "Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/octet-stream"
        return self._send(method, path, headers, body)

    def _send(self, method: str, path: str, headers: dict[str, str], body: Body) -> Answer:
        """A request that may be sent again, so it is not waited for longer than the server is used to take.

        One that hangs holds up what is behind it. Each that times out doubles the wait, so that a slow server gets its
        time too: an answer that takes up to a minute is heard at the third attempt.
        """
        began = time.monotonic()
        try:
            answer = self._request(method, path, headers, body, self._read_seconds)
        except BadAnswerError as error:
            if error.waited_seconds:
                self._read_seconds = min(2 * self._read_seconds, LONGEST_READ_SECONDS)
            raise
        usual_seconds = _PATIENCE * (time.monotonic() - began)
        self._read_seconds = min(max(FIRST_READ_SECONDS, usual_seconds), LONGEST_READ_SECONDS)
        return answer

    def get(self, path: str, timeout_seconds: float) -> Answer:
        """Read with the API key. UnreachableError, BadAnswerError: no whole answer within the time."""
        return self._request("GET", path, {**self._headers, **self._key_headers}, None, timeout_seconds)

    def _request(self, method: str, path: str, headers: dict[str, str], body: Body, seconds: float) -> Answer:
        timeout = urllib3.Timeout(connect=min(_CONNECT_SECONDS, seconds), read=seconds)
        try:
            response = self._pool.request(
                method, self.endpoint + path, body=body, headers=headers, retries=False, redirect=False, timeout=timeout
            )
        except urllib3.exceptions.ReadTimeoutError as error:
            raise BadAnswerError(f"no answer within {seconds:g} s", seconds) from error
        except urllib3.exceptions.ProtocolError as error:
            raise BadAnswerError(str(error)) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise UnreachableError(str(error)) from error
        try:
            decoded = json.loads(response.data)
        except ValueError as error:
            if response.status < 300:
                raise BadAnswerError(f"the answer is not JSON: {response.data[:80]!r}") from error
            decoded = None
        return Answer(response.status, decoded, _retry_after(response.headers.get("Retry-After")))

    def close(self) -> None:
        self._pool.clear()


def _then(body: bytes, meanwhile: Callable[[], None]) -> Iterator[bytes]:
    """A body in one piece. Its sender asks for another one when that is sent."""
    yield body
    attempt(meanwhile, None)


def _open_pool(endpoint: str, host: str, is_loopback: bool) -> urllib3.PoolManager:
    """Connections, through the proxy that the environment names, if it names one for this host."""
    proxy = None if is_loopback or proxy_bypass(host) else getproxies().get(urlsplit(endpoint).scheme)
    if proxy:
        return urllib3.ProxyManager(proxy, num_pools=2, maxsize=2)
    return urllib3.PoolManager(num_pools=2, maxsize=2)


def _retry_after(value: str | None) -> float | None:
    """Seconds, given as such or as a date (RFC 9110, section 10.2.3)."""
    if not value:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - time.time()
    except ValueError:
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS)
