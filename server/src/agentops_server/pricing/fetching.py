"""Fetching a price list from an address that somebody gave."""

import urllib.error
import urllib.request

from agentops_server.errors import Unavailable

TIMEOUT_S = 30.0
LARGEST_BYTES = 64 << 20


def fetch(url: str) -> bytes:
    """The content of an ``http://`` or ``https://`` address.

    Raises:
        Unavailable: It does not give it, or more than 64 MiB.
    """
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - the caller checked the scheme
            content: bytes = answer.read(LARGEST_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise Unavailable(f"{url} cannot be fetched: {error}") from None
    if len(content) > LARGEST_BYTES:
        raise Unavailable(f"{url} gives more than {LARGEST_BYTES >> 20} MiB, which is no price list")
    return content
