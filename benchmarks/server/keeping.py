"""Folders full of data that take long to make, kept for the next run where somebody says where."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LARGE_BYTES = 100_000
SHARED = (".bin", ".idx")
_HERE = Path(__file__).parent


@contextmanager
def filled(keep: Path | None, name: str, fill: Callable[[Path], Any]) -> Iterator[tuple[Path, Any]]:
    """A folder with data, and what was noted of them; it may be changed, and is removed in the end.

    Args:
        keep: Where it is kept for the next run, apart from the one that is given; None: nowhere.
        name: Its name there.
        fill: Fills an empty folder and returns what there is to note, for JSON.
    """
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "data"
        if keep is None:
            data.mkdir()
            yield data, fill(data)
            return
        noted = provide(keep, name, fill)
        shutil.copytree(keep / name / "data", data, symlinks=True, copy_function=_copy)
        yield data, noted


def provide(keep: Path, name: str, fill: Callable[[Path], Any]) -> Any:
    """Fill a kept folder unless it is full; what was noted of it. One that was left half full is begun anew."""
    folder, note = keep / name / "data", keep / name / "noted.json"
    if not note.exists():
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.mkdir(parents=True)
        noted = fill(folder)
        note.write_text(json.dumps(noted))
    else:
        print(f"  {name} is as it was kept in {keep}", file=sys.stderr, flush=True)
    return json.loads(note.read_text())


def _copy(source: str, target: str) -> None:
    """What is large belongs to a part of a table, which is written once and never changed: it may be shared."""
    if os.path.getsize(source) < LARGE_BYTES or not source.endswith(SHARED):
        shutil.copy2(source, target)
        return
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def digest_of(sources: Sequence[str]) -> str:
    """A short name for what some files of this folder say: other data, another name."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update((_HERE / source).read_bytes())
    return digest.hexdigest()[:8]
