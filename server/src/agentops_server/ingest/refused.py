"""Records that the warehouse is there for and yet does not take: kept in files beside the journal."""

import logging
import os
from pathlib import Path

import msgspec

from agentops_server.errors import ServerError, Unavailable
from agentops_server.ingest.block import Block
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.storage.journal.segment import sync_folder

logger = logging.getLogger(__name__)

SUFFIX = ".record"


class RefusedRecords:
    """A folder with one file each."""

    def __init__(self, folder: Path, metrics: IngestMetrics) -> None:
        self._folder = folder
        self._metrics = metrics

    def keep(self, position: int, record: bytes, error: Exception) -> None:
        """Keep a record.

        Raises:
            Unavailable: The disk does not take it.
        """
        path = self._folder / f"{position:020d}{SUFFIX}"
        try:
            self._folder.mkdir(exist_ok=True)
            with path.open("wb") as file:
                file.write(record)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._folder)
        except OSError as problem:
            raise Unavailable(f"a refused record cannot be kept: {problem.strerror}") from problem
        logger.error("the warehouse does not take a record; it is kept in %s and tried again at the next start", path)
        logger.debug("why the record was refused", exc_info=error)
        self._metrics.refused_records.inc()

    def try_again(self, block: Block) -> None:
        """Store what earlier processes kept; what is refused again stays."""
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            try:
                block.store([path.read_bytes()])
            except (ServerError, OSError, ValueError, msgspec.MsgspecError) as error:
                block.forget()
                logger.warning("the record in %s is still refused: %s", path, type(error).__name__)
                self._metrics.refused_records.inc()
            else:
                path.unlink()
