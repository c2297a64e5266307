# The compiled module, from sdk/native. What it is for says `_acceleration`.

from collections.abc import Callable
from contextvars import ContextVar
from mmap import mmap
from typing import Any

VERSION: int

class Memory:
    # A mapping into which records are stored: what `_mapping.Mapping` is.
    start: int
    def __init__(self, mapping: mmap, start: int, position: int) -> None: ...
    def __len__(self) -> int: ...
    def write(self, data: bytes, /) -> int: ...
    def tell(self) -> int: ...
    def fill(self) -> int: ...
    def close(self) -> None: ...

class Taker:
    # What `_fast_path.make_fast_path` gives. Its parts have the names that they have there.
    def __init__(self, **parts: object) -> None: ...
    def __call__(self, event: object, /) -> bool: ...
    # Have all that it took in the counts.
    def settle(self) -> None: ...

class Counter:
    # `itertools.count`, whose next number can be looked at. To call it is as `next` of it.
    def __init__(self, start: int) -> None: ...
    def __call__(self) -> int: ...
    def __iter__(self) -> Counter: ...
    def __next__(self) -> int: ...

class Method:
    # A method that takes one argument: what is in the slot takes it, if that is a Taker; what that does not take is for
    # the method `at_length`. Else it is the function. `swallow` is told of errors and of the function's name.
    def __init__(
        self,
        cls: type,
        function: Callable[..., object],
        slot: str,
        at_length: str,
        swallow: Callable[[Exception, str], None],
    ) -> None: ...
    def __call__(self, *args: object, **kwargs: object) -> object: ...

# Where the moments (ns) and the ids of events come from.
def set_sources(clock: Callable[[], int], salts: Callable[[], int], /) -> None: ...

# Where the agent and the parent of an event come from.
def set_context(agent: ContextVar[Any], parent: ContextVar[Any], /) -> None: ...

# Have a class, whose attributes have slots, constructed and recorded natively from now on. `parameters` are those of
# its `__init__`, each with its default and the attribute that keeps it; `fields` are the attributes that are sent.
# TypeError, ValueError: the class is not like that. RuntimeError: there are too many.
def add_kind(
    kind: type,
    parameters: tuple[str, ...],
    attributes: tuple[str, ...],
    defaults: tuple[object, ...],
    fields: tuple[str, ...],
    /,
) -> None: ...

# The JSON of a value; None where it takes another encoder.
def encode(value: object, /) -> bytes | None: ...
