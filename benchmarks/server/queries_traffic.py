"""Events that keep coming while questions are asked: ``python -m benchmarks.server.queries_traffic URL KEY SECONDS``.

A process of its own, so that it takes no time of whoever measures. Ten sessions at once, each of a thousand events.
"""

import sys
from pathlib import Path

import psutil
import urllib3

from benchmarks.server.sending import send
from benchmarks.serving import Server

EVENTS_PER_SECOND = 1000
SENDERS = 10
BATCH_EVENTS = 25
SESSION_S = 10.0


def main() -> None:
    url, api_key, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    # A connection that rested for seconds may be closed under a request; events that are sent again change nothing.
    http = urllib3.PoolManager(maxsize=SENDERS, retries=urllib3.Retry(3, allowed_methods=None))
    server = Server(url, Path(), psutil.Process(), 0.0, api_key, http)
    for _ in range(max(1, round(seconds / SESSION_S))):
        send(server, senders=SENDERS, batch=BATCH_EVENTS, seconds=SESSION_S, per_second=EVENTS_PER_SECOND)


if __name__ == "__main__":
    main()
