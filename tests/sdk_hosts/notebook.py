"""A real kernel that runs cells, as a notebook does. Prints what came of each as a line of JSON."""

from __future__ import annotations

import json
import sys
from queue import Empty
from typing import Any

from jupyter_client.manager import KernelManager


class Notebook:
    """One kernel and the connection to it."""

    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code: str, *, interrupt: bool = False) -> dict[str, Any]:
        """Run a cell; with `interrupt`, press the stop button once the cell has printed something."""
        request = self.client.execute(code)
        heard: dict[str, Any] = {"out": "", "err": "", "error": None}
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                heard["out" if content["name"] == "stdout" else "err"] += content["text"]
                if interrupt and content["name"] == "stdout":
                    self.manager.interrupt_kernel()
                    interrupt = False
            elif kind == "error":
                heard["error"] = content["ename"]
                heard["lines"] = [line for line in content["traceback"] if "agentops" in line and "_exits" in line]
            elif kind == "status" and content["execution_state"] == "idle":
                return heard

    def close(self) -> None:
        self.client.shutdown()
        self.manager.finish_shutdown()
        self.client.stop_channels()
        self.manager.cleanup_resources()


def main() -> None:
    notebook = Notebook()
    try:
        for cell in json.loads(sys.stdin.read()):
            print(json.dumps(notebook.run(cell["code"], interrupt=cell.get("interrupt", False))), flush=True)
    except Empty:
        sys.exit("the kernel fell silent")
    finally:
        notebook.close()


if __name__ == "__main__":
    main()
