"""Whose a warehouse on a ClickHouse server is: of one data directory, and so of one agentops-server at a time.

Two servers on one warehouse would each fold updates into sessions without the other's, and end sessions whose processes
speak to the other one. And a data directory holds acknowledged data that is not in the warehouse yet. So the first
server writes the id of its data directory into the warehouse, and a server with another one is refused. One data
directory is held by one process (`agentops_server.storage.warehouse.guards`).

No clock and no lease is needed: whoever claims writes first and reads then, so of two who claim at the same moment at
least one sees the other, and goes no further.
"""

import os
import socket
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import find_uuid
from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import decode_rows, encode_rows

FILE_NAME = "installation"
_TABLE = """
CREATE TABLE IF NOT EXISTS warehouse_owners
(
    epoch UInt32,
    owner UUID,
    place String,
    claimed_ns Int64
)
ENGINE = MergeTree ORDER BY (epoch, claimed_ns) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""
_CLAIMS = """
SELECT epoch, owner, place, claimed_ns FROM warehouse_owners ORDER BY epoch, claimed_ns
SETTINGS select_sequential_consistency = 1
"""


class _Claim(msgspec.Struct):
    epoch: int
    owner: UUID
    place: str
    claimed_ns: int


def read_installation(data_dir: Path) -> UUID:
    """The id of a data directory, which is made with the first use of it.

    Raises:
        Unavailable: The file that holds it cannot be written or holds something else.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            _write(path, f"{uuid4()}\n")
        found = find_uuid(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"the id of the data directory in {path} cannot be read or written: {error}") from error
    if found is None:
        raise Unavailable(f"{path} must hold a UUID: restore it from a backup")
    return found


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def claim(warehouse: Warehouse, data_dir: Path, *, take_over: bool = False) -> None:
    """Make the warehouse that of this data directory, if it is nobody's yet.

    Args:
        warehouse: A warehouse on a server.
        data_dir: Of this server, held by this process.
        take_over: Make it so whoever has it; whoever called this vouches that the other server has ended.

    Raises:
        Unavailable: It is another data directory's; the message says whose.
    """
    warehouse.execute(_TABLE)
    installation = read_installation(data_dir)
    claims = _list_claims(warehouse)
    epoch = max((each.epoch for each in claims), default=0)
    current = [each for each in claims if each.epoch == epoch]
    if take_over:
        _write_claim(warehouse, epoch + 1, installation, data_dir)
        return
    _check(current, installation)
    if not current:
        _write_claim(warehouse, epoch, installation, data_dir)
        _check(_list_claims(warehouse), installation)


def _list_claims(warehouse: Warehouse) -> list[_Claim]:
    return decode_rows(warehouse.query(_CLAIMS, {}), _Claim)


def _write_claim(warehouse: Warehouse, epoch: int, installation: UUID, data_dir: Path) -> None:
    place = f"{data_dir.absolute()} on {socket.gethostname()}"
    warehouse.insert("warehouse_owners", encode_rows([_Claim(epoch, installation, place, now_ns())]))


def _check(claims: list[_Claim], installation: UUID) -> None:
    other = next((each for each in claims if each.owner != installation), None)
    if other is not None:
        raise Unavailable(
            f"this warehouse is that of the agentops-server with the data directory {other.place}: start that one, or"
            " give each server a database of its own; to go on from here once that one has ended for good, run"
            " `agentops-server migrate --take-over`"
        )
