"""What is still laid over the libraries after `agentops.stop_instrumenting()`."""

import sys
import types
from collections.abc import Iterator
from typing import Any

OURS = ("opentelemetry.instrumentation", "openinference.instrumentation", "agentops.instrumentation")
_NO_LIBRARIES = ("opentelemetry", "openinference", "agentops", "tests", "wrapt", "__main__")


def find_leftovers() -> list[str]:
    """Functions and methods, of whatever module, that an instrumentor or a gate of ours has put there."""
    return sorted(set(_iter_leftovers()))


def _iter_leftovers() -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _NO_LIBRARIES or not isinstance(module, types.ModuleType):
            continue
        for key, value in list(vars(module).items()):
            if _is_ours(value):
                yield f"{name}:{key}"
            elif isinstance(value, type) and value.__module__ == name:
                yield from (f"{name}:{key}.{each}" for each, inner in list(vars(value).items()) if _is_ours(inner))


def _is_ours(value: Any) -> bool:
    value = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
    wrapper = type.__getattribute__(type(value), "__mro__")
    if any(each.__name__ == "ObjectProxy" or str(each.__module__).startswith("wrapt") for each in wrapper):
        return _module_of(getattr(value, "_self_wrapper", None)).startswith(OURS)
    if isinstance(value, types.FunctionType):
        return value.__globals__.get("__name__", "").startswith(OURS)
    return isinstance(value, types.MethodType) and _is_ours(value.__func__)


def _module_of(wrapper: Any) -> str:
    wrapper = getattr(wrapper, "func", wrapper)  # of a partial
    found = getattr(wrapper, "__module__", None) or type(wrapper).__module__
    return found if isinstance(found, str) else ""
