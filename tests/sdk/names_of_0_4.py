"""Prints the names that a program can import from the SDK of this interpreter, as JSON: run by both of them.

Of each module its `__all__`, or what it has made itself; of each class of `semconv` its constants with their values.
"""

import enum
import importlib
import json
import pkgutil
import types
from typing import Any

import agentops


def public_names(module: types.ModuleType) -> list[str]:
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(listed)
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    )


def constants(owner: type) -> dict[str, Any]:
    if issubclass(owner, enum.Enum):
        return {name: member.value for name, member in owner.__members__.items()}
    return {name: value for name, value in vars(owner).items() if not name.startswith("_")}


found: dict[str, Any] = {"names": {"agentops": public_names(agentops)}, "constants": {}}
for each in pkgutil.walk_packages(agentops.__path__, "agentops."):
    if each.name.startswith("agentops.instrumentation") or "._" in each.name or each.name == "agentops.cli":
        continue
    try:
        module = importlib.import_module(each.name)
    except ImportError as error:  # LangChain's or DSPy's handlers, which need them
        if error.name is None or error.name.split(".")[0] == "agentops":
            raise
        continue
    found["names"][each.name] = public_names(module)
    if each.name.startswith("agentops.semconv."):
        for name in public_names(module):
            found["constants"][name] = constants(getattr(module, name))
print(json.dumps(found))
