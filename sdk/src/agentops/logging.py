"""The SDK's own logger, under its path in SDK 0.4. `init(log_level=..., log_to_file=...)` sets it up."""

from __future__ import annotations

from logging import Logger

from . import _log

__all__ = ["logger"]

logger: Logger = _log.logger
