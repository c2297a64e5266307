"""What the running program is called."""

from __future__ import annotations

import os
import sys

_NAMELESS = frozenset(("", "-", "-c", "-m"))
_NOTEBOOKS = frozenset(("ipykernel_launcher", "colab_kernel_launcher", "ipython", "ipython3", "databricks_notebook"))


def find_program_name() -> str | None:
    """The module of `python -m`, else the script without its suffix; None for `-c`, a prompt or a notebook."""
    module = getattr(getattr(sys.modules.get("__main__"), "__spec__", None), "name", None)
    if isinstance(module, str) and module != "__main__":
        name = module.removesuffix(".__main__")
    else:
        script = sys.argv[0] if getattr(sys, "argv", None) else ""
        if script in _NAMELESS:
            return None
        folder, name = os.path.split(script)
        name = os.path.splitext(name)[0]
        if name == "__main__":  # a folder or an archive that is run as a program
            name = os.path.splitext(os.path.basename(folder))[0]
    return None if not name or name in _NOTEBOOKS else name
