"""How the embedded engine is set up: for one that shares two cores and some memory with the agents it watches.

Bounds are options of its address. How it writes tables is only taken from a file, which is written next to its data;
and how it keeps memory from a variable of the environment, before it is loaded.
"""

import os
from pathlib import Path
from urllib.parse import quote

from agentops_server.errors import Unavailable

FILE_NAME = "engine.xml"
# Its own bounds for caches are gigabytes each.
OPTIONS: dict[str, int | str] = {
    "max_server_memory_usage": 3_000_000_000,
    "background_pool_size": 2,
    # Small merges first: they index the words of what came in last, and must not wait for two large ones to end.
    "background_merges_mutations_scheduling_policy": "shortest_task_first",
    "mark_cache_size": 100_000_000,
    "index_mark_cache_size": 20_000_000,
    "primary_index_cache_size": 100_000_000,
    "query_condition_cache_size": 20_000_000,
    "text_index_header_cache_size": 32_000_000,
    "text_index_tokens_cache_size": 64_000_000,
    "text_index_postings_cache_size": 128_000_000,
}
TABLES: dict[str, int] = {
    # What one insert brings is one file, and not three for each of forty columns, to be made, synced and deleted again.
    "min_bytes_for_wide_part": 64 << 20,
    # How many times the largest part a merge should make (its own: 5). Each event is written anew twice in place of
    # three times while a million of them come in, and there are some twenty parts in place of fifteen.
    "merge_selector_base": 12,
    # What a merge holds of each part that it takes up (its own: 10 MB): a granule, which is as much as a reader's.
    "merge_max_block_size_bytes": 1 << 20,
}
_ALLOCATOR_VARIABLE = "JE_MALLOC_CONF"
_ALLOCATOR = "dirty_decay_ms:100"
"""Memory that a merge is done with goes back after a tenth of a second; by the engine's own setting after five."""


def prepare_allocator() -> None:
    """Call it before the engine is loaded. What somebody else set stands."""
    os.environ.setdefault(_ALLOCATOR_VARIABLE, _ALLOCATOR)


def check_folder(folder: Path) -> None:
    """Whether the engine can be told of this folder: it is told by an address, whose options begin with ? and &.

    Raises:
        Unavailable: It cannot: its data would come to be in another folder, or its settings not to be read.
    """
    if "?" in str(folder) or "&" in _find_file(folder):
        raise Unavailable(
            f"the warehouse cannot be in {folder}: the embedded engine takes no ? and no & in a path; name another"
            " folder with --data-dir or AGENTOPS_DATA_DIR"
        )


def make_address(folder: Path) -> str:
    """The engine's address for the data in this folder, which is there and checked; writes its file of settings."""
    tables = "".join(f"<{name}>{number}</{name}>" for name, number in TABLES.items())
    (folder / FILE_NAME).write_text(f"<clickhouse><merge_tree>{tables}</merge_tree></clickhouse>\n", "utf-8")
    options = {**{name: str(value) for name, value in OPTIONS.items()}, "config-file": quote(_find_file(folder))}
    return f"{folder / 'chdb'}?{'&'.join(f'{name}={text}' for name, text in options.items())}"


def _find_file(folder: Path) -> str:
    """The path of the settings, from here where the whole one has an &, which even a quoted option must not have."""
    path = str((folder / FILE_NAME).absolute())
    return os.path.relpath(path) if "&" in path else path
