"""`agentops.session` is a module in SDK 0.3, which has the class, and a decorator in 0.4. Here it is both.

Importing it makes it an attribute of the package, where the decorator was until then: so it can be called like one.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from ._events import EndState
from ._session import Session
from ._steps import session as _decorator

__all__ = ["EndState", "Session"]


class _Callable(ModuleType):
    """A module that decorates when it is called."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _decorator(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
