"""Write the generated pages of docs/reference: ``python docs/generate.py``; ``--check`` says which are out of date."""

import sys
from pathlib import Path

from agentops._config import OPTIONS
from agentops_server.settings import Settings

REFERENCE = Path(__file__).parent / "reference"


def settings_page() -> str:
    """All settings of the SDK and the server, from the tables that the programs read."""
    lines = ["# Settings", "", "Written by `python docs/generate.py` from the tables in the code; do not edit.", ""]
    lines += ["## The SDK", "", "An argument of `init()` or `Configuration` stands above the variable.", ""]
    lines += ["| option | variable | default | meaning |", "|---|---|---|---|"]
    lines += [f"| `{o.name}` | `{o.variable}` | {_value(o.default)} | {o.help} |" for o in OPTIONS]
    lines += ["", "## The server", "", "`--data-dir` stands above its variable.", ""]
    lines += ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        meaning = " ".join((field.description or "").split())
        lines.append(f"| `AGENTOPS_{name.upper()}` | {_value(field.default)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    return "" if value in {None, ()} else f"`{value}`"


PAGES = {"settings.md": settings_page}


def main() -> None:
    stale = []
    for name, write in PAGES.items():
        path, text = REFERENCE / name, write()
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text)
    if "--check" in sys.argv and stale:
        sys.exit(f"out of date: {', '.join(stale)}; run python docs/generate.py")


if __name__ == "__main__":
    main()
