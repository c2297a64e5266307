"""What this machine is, as sessions have it in their host environment."""

from __future__ import annotations

from typing import Any, cast

from agentops._environment import gather_environment


def get_host_env(opt_out: bool = False) -> dict[str, Any]:
    """All of it; with `opt_out` only what belongs to the SDK."""
    found = cast("dict[str, Any]", gather_environment())
    return {"SDK": found["SDK"]} if opt_out else found


def _part(name: str) -> Any:
    return get_host_env()[name]


def get_sdk_details() -> Any:
    """The SDK, Python, and the packages that are imported."""
    return _part("SDK")


def get_os_details() -> Any:
    """The operating system."""
    return _part("OS")


def get_cpu_details() -> Any:
    """The processor."""
    return _part("CPU")


def get_ram_details() -> Any:
    """The memory."""
    return _part("RAM")


def get_disk_details() -> Any:
    """The disks."""
    return _part("Disk")


def get_installed_packages() -> Any:
    """The packages that are installed."""
    return _part("Installed Packages")


def get_current_directory() -> Any:
    """The folder that the program works in."""
    return _part("Project Working Directory")


def get_virtual_env() -> Any:
    """The virtual environment."""
    return _part("Virtual Environment")
