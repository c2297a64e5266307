"""``agentops-server`` that logs all it can, and whose handlers fail while the file ``broken`` is beside its data."""

import sys
from pathlib import Path

from agentops_server.cli import main
from agentops_server.ingest import pipeline
from agentops_server.ingest.settled import SettledWarehouse

BROKEN = Path(sys.argv[sys.argv.index("--data-dir") + 1]).parent / "broken"


def fail_while_broken(owner: type, name: str) -> None:
    work = getattr(owner, name)

    def work_or_fail(*arguments, **named):  # type: ignore[no-untyped-def]
        if BROKEN.exists():
            raise RuntimeError("broken as asked")
        return work(*arguments, **named)

    setattr(owner, name, work_or_fail)


fail_while_broken(pipeline.Pipeline, "run")
fail_while_broken(SettledWarehouse, "settle")

if __name__ == "__main__":
    sys.argv += ["--log-level", "debug"]
    main()
