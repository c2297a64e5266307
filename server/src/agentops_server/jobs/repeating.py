"""A thread that does a job again and again until it is closed."""

import logging
import threading
import time
from collections.abc import Callable

from agentops_server.errors import ServerError

logger = logging.getLogger(__name__)


class Repeating:
    """Runs a job with pauses. A failure that we foresaw is logged, and the job is tried again after the next pause."""

    def __init__(self, name: str, work: Callable[[], object], pause_s: float, share: float = 1.0) -> None:
        """Prepare the thread.

        Args:
            name: For logs, and of the thread.
            work: The job.
            pause_s: The shortest pause between two runs, and before the first.
            share: The part of its time that the thread may work: after a long run the pause is longer.
        """
        self._name = name
        self._work = work
        self._pause_s = pause_s
        self._share = share
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"agentops-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End the thread, after the run that it may be in."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = self._pause_s
        while not self._stopping.wait(pause_s):
            start = time.monotonic()
            try:
                self._work()
            except ServerError as error:
                logger.warning("the %s failed and will be tried again: %s", self._name, error.message)
            pause_s = max(self._pause_s, (time.monotonic() - start) / self._share)
