"""The options, under their path in SDK 0.3, and their name in 0.4."""

from __future__ import annotations

from ._config import Configuration

Config = Configuration

__all__ = ["Config", "Configuration"]
