"""Where a ClickHouse server is: the parts of a URL like ``clickhouse://user:password@host:8123/database?cluster=main``."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from agentops_server.errors import Invalid

EXAMPLE = "clickhouse://user:password@host:8123/database"
# Of ClickHouse's HTTP interface, with TLS or without.
_SCHEMES = {
    "clickhouse": ("http", 8123),
    "clickhouses": ("https", 8443),
    "http": ("http", 8123),
    "https": ("https", 8443),
}
_OPTIONS = ("cluster", "ca_cert")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class ClickHouseAddress:
    """A server or a cluster's node, and how to sign in there. Its text form holds no password."""

    interface: str
    """``http`` or ``https``."""
    host: str
    port: int
    user: str = "default"
    password: str = field(default="", repr=False)
    database: str = "default"
    cluster: str | None = None
    """The cluster whose nodes hold the data, by its name in the server's configuration."""
    ca_cert: str | None = None
    """The path of the certificate that signs the server's, where that is not a public one."""

    def __str__(self) -> str:
        return f"{self.interface}://{self.host}:{self.port}/{self.database}"


def decode_address(url: str) -> ClickHouseAddress:
    """The parts of the URL.

    Raises:
        Invalid: It is not one of a ClickHouse server. The message never quotes the URL, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _invalid("it cannot be read; percent-encode the password") from None
    if parts.scheme not in _SCHEMES:
        raise _invalid(f"its scheme must be one of {', '.join(_SCHEMES)}")
    if not parts.hostname:
        raise _invalid("it names no host; percent-encode the password if that holds / ? or #")
    interface, default_port = _SCHEMES[parts.scheme]
    options = _decode_options(parts)
    return ClickHouseAddress(
        interface=interface,
        host=parts.hostname,
        port=port or default_port,
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=_decode_name("database", parts.path.strip("/") or "default"),
        cluster=_decode_name("cluster", options["cluster"]) if "cluster" in options else None,
        ca_cert=options.get("ca_cert"),
    )


def _decode_options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - set(_OPTIONS)):
        raise _invalid(f"it has the unknown option {unknown[0][:50]!r}; there are {', '.join(_OPTIONS)}")
    return options


def _decode_name(what: str, text: str) -> str:
    name = unquote(text)
    if not _NAME.fullmatch(name):
        raise _invalid(f"its {what} must be letters, digits, _ and -, and begin with a letter")
    return name


def _invalid(problem: str) -> Invalid:
    return Invalid(f"AGENTOPS_WAREHOUSE_URL is not the URL of a ClickHouse server, like {EXAMPLE}: {problem}")
