"""What takes long to import and only the worker needs."""

from __future__ import annotations

from importlib import import_module


def import_all() -> None:
    """Import it now, on the worker's thread, rather than bit by bit while the process may be ending."""
    for name in ("._protocol", "._environment", "psutil"):
        import_module(name, __package__)
