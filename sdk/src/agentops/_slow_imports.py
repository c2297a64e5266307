"""What takes long to import and only the worker needs.

All of it at once and at its start: a process that forks or ends waits for that, and for no import later.
"""

from __future__ import annotations

from importlib import import_module


def import_all() -> None:
    """Import what delivering and gathering the host environment need, down to the codec for the names of hosts."""
    for name in ("decimal", "._protocol", "._environment", "psutil", "email.utils", "encodings.idna"):
        import_module(name, __package__)
