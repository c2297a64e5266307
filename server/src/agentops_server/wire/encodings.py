"""Content encodings of bodies, undone piece by piece while they arrive, and no further than a limit.

zstd frames may ask for windows of 8 MiB at most, as RFC 9659 has it for HTTP.
"""

import sys
import zlib
from collections.abc import Callable
from typing import Protocol, TypeAlias

from agentops_server.errors import BadRequest, TooLarge, Unsupported

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LARGEST_WINDOW_LOG = 23


class _Decoder(Protocol):
    """One member or frame, as `zlib` and `zstd` have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_Factory: TypeAlias = Callable[[], _Decoder]


def _open_zlib() -> _Decoder:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, by its header


def _open_zstd() -> _Decoder:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW_LOG})


_FACTORIES: dict[str, _Factory] = {"gzip": _open_zlib, "x-gzip": _open_zlib, "deflate": _open_zlib, "zstd": _open_zstd}


class Plain:
    """A body that is sent as it is."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0

    def feed(self, data: bytes) -> bytes:
        """The next piece; raises `TooLarge` where the body exceeds the limit."""
        self._size_bytes += len(data)
        if self._size_bytes > self._limit_bytes:
            raise TooLarge(f"the body is larger than {self._limit_bytes} bytes; send smaller batches")
        return data

    def finish(self) -> None:
        """The body is complete."""


class Compressed:
    """A body in a content encoding; one after another, if several members or frames were joined."""

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        self._encoding = encoding
        self._open = _FACTORIES[encoding]
        self._decoder = self._open()
        self._limit_bytes = limit_bytes
        self._size_bytes = 0

    def feed(self, data: bytes) -> bytes:
        """What these bytes add to the body.

        Raises:
            BadRequest: They are not in this encoding.
            TooLarge: The body exceeds the limit; it is not inflated further than that.
        """
        pieces = []
        try:
            while data:
                if self._decoder.eof:
                    self._decoder = self._open()
                pieces.append(self._decoder.decompress(data, self._limit_bytes - self._size_bytes + 1))
                self._size_bytes += len(pieces[-1])
                if self._size_bytes > self._limit_bytes:
                    raise TooLarge(f"the body inflates to more than {self._limit_bytes} bytes; send smaller batches")
                data = self._decoder.unused_data
        except (zlib.error, zstd.ZstdError) as error:
            raise BadRequest(f"the body is not valid {self._encoding}: {error}") from None
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def finish(self) -> None:
        """The body is complete; raises `BadRequest` where its encoding says that it is not."""
        if not self._decoder.eof:
            raise BadRequest(f"the body is not valid {self._encoding}: it ends too early")


def open_encoding(name: str, limit_bytes: int) -> Plain | Compressed:
    """What undoes the encoding that a ``Content-Encoding`` header names.

    Raises:
        Unsupported: It is not one that we know.
    """
    encoding = name.strip().lower()
    if encoding in {"", "identity"}:
        return Plain(limit_bytes)
    if encoding not in _FACTORIES:
        raise Unsupported(f"Content-Encoding {encoding[:20]!r} is not supported; send gzip, deflate, zstd or none")
    return Compressed(encoding, limit_bytes)
