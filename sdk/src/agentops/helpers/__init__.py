"""Small functions that programs for SDK 0.3 and 0.4 take from there. The SDK itself uses none of them."""

from __future__ import annotations

from .env import get_env_bool, get_env_int, get_env_list
from .serialization import AgentOpsJSONEncoder, filter_unjsonable, is_jsonable, safe_serialize, serialize_uuid
from .system import (
    get_cpu_details,
    get_current_directory,
    get_disk_details,
    get_host_env,
    get_installed_packages,
    get_os_details,
    get_ram_details,
    get_sdk_details,
    get_virtual_env,
)
from .time import get_ISO_time
from .version import check_agentops_update, get_agentops_version

__all__ = [
    "AgentOpsJSONEncoder",
    "check_agentops_update",
    "filter_unjsonable",
    "get_ISO_time",
    "get_agentops_version",
    "get_cpu_details",
    "get_current_directory",
    "get_disk_details",
    "get_env_bool",
    "get_env_int",
    "get_env_list",
    "get_host_env",
    "get_installed_packages",
    "get_os_details",
    "get_ram_details",
    "get_sdk_details",
    "get_virtual_env",
    "is_jsonable",
    "safe_serialize",
    "serialize_uuid",
]
