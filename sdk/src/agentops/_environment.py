"""The host environment, under the keys of SDK 0.3. Gathered on the worker's thread, because it takes a while."""

from __future__ import annotations

import os
import platform
import socket
import sys
from collections.abc import Callable
from importlib import metadata

from ._guard import attempt
from ._version import __version__

_UNKNOWN: dict[str, object] = {}


def gather_environment() -> dict[str, object]:
    """What this machine and this process are. A part that the platform does not tell is an empty object."""
    parts: dict[str, Callable[[], object]] = {
        "SDK": _sdk,
        "OS": _os,
        "CPU": _cpu,
        "RAM": _ram,
        "Disk": _disk,
        "Installed Packages": lambda: {"Installed Packages": _installed_packages()},
        "Project Working Directory": lambda: {"Project Working Directory": os.getcwd()},
        "Virtual Environment": lambda: {"Virtual Environment": os.environ.get("VIRTUAL_ENV") or _virtual_environment()},
    }
    return {name: attempt(part, _UNKNOWN) for name, part in parts.items()}


def _sdk() -> object:
    return {
        "AgentOps SDK Version": __version__,
        "Python Version": platform.python_version(),
        "System Packages": _imported_packages(),
    }


def _imported_packages() -> dict[str, str]:
    """Versions of what is imported. Read without asking the modules, because lazy ones would load at the question."""
    versions: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        version = getattr(module, "__dict__", {}).get("__version__") if "." not in name else None
        if isinstance(version, str):
            versions[name] = version
    return versions


def _installed_packages() -> dict[str, str]:
    return {item.metadata["Name"]: item.version for item in metadata.distributions() if item.metadata["Name"]}


def _os() -> object:
    return {
        "Hostname": socket.gethostname(),
        "OS": platform.system(),
        "OS Version": platform.version(),
        "OS Release": platform.release(),
    }


def _cpu() -> object:
    import psutil  # noqa: PLC0415 - 20 ms that nobody should wait for

    return {
        "Physical cores": psutil.cpu_count(logical=False),
        "Total cores": psutil.cpu_count(logical=True),
        "CPU Usage": f"{psutil.cpu_percent(interval=0.05)}%",
    }


def _ram() -> object:
    import psutil  # noqa: PLC0415

    memory = psutil.virtual_memory()
    return {
        "Total": _gigabytes(memory.total),
        "Available": _gigabytes(memory.available),
        "Used": _gigabytes(memory.used),
        "Percentage": f"{memory.percent}%",
    }


def _disk() -> object:
    import psutil  # noqa: PLC0415

    disks: dict[str, object] = {}
    for partition in psutil.disk_partitions():
        usage = attempt(lambda partition=partition: psutil.disk_usage(partition.mountpoint), None)
        if usage is not None:
            disks[partition.device] = {
                "Mountpoint": partition.mountpoint,
                "Total": _gigabytes(usage.total),
                "Used": _gigabytes(usage.used),
                "Free": _gigabytes(usage.free),
                "Percentage": f"{usage.percent}%",
            }
    return disks


def _virtual_environment() -> str | None:
    return sys.prefix if sys.prefix != sys.base_prefix else None


def _gigabytes(size_bytes: float) -> str:
    return f"{size_bytes / 2**30:.2f} GB"
