"""The collector of garbage leaves alone what stays, and looks seldom at what a request makes."""

import subprocess
import sys

PROGRAM = """
import gc
from agentops_server.cli.memory import YOUNG_OBJECTS, spare_the_collector

kept = [[number] for number in range(1000)]
spare_the_collector()
assert gc.get_threshold()[0] == YOUNG_OBJECTS
assert gc.get_freeze_count() > 1000
assert not any(each is kept for each in gc.get_objects()), "it would be looked at again and again"

class Cycle:
    gone = 0
    def __del__(self):
        Cycle.gone += 1

for _ in range(YOUNG_OBJECTS):
    cycle = Cycle()
    cycle.itself = cycle
assert Cycle.gone, "cycles are still found"
"""


def test_what_is_there_when_the_server_is_up_is_not_looked_at_and_cycles_are_found() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60)
