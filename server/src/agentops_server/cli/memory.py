"""How the server's process looks for garbage.

What a request makes is gone when it is answered, for little of it is in cycles. So the collector, which looks for
these, need not run several times in each request; and what is there once the server is up stays, and is not looked at.
"""

import gc

YOUNG_OBJECTS = 20_000
"""Objects made, and not gone by themselves, until the collector looks at them: those of some dozen requests."""
YOUNG_ROUNDS = 20
MIDDLE_ROUNDS = 20


def spare_the_collector() -> None:
    """Call it when everything is imported and opened."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS)
