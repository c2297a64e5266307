"""What axe says of a page: violations of WCAG 2.1 A and AA."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@cache
def read_axe() -> str:
    """The program, which tests/provision.py installs with what the page is built from."""
    return SCRIPT.read_text()


def find_violations(page: Page) -> list[str]:
    """One line a violation: the rule, what it says, and the first elements that it is about."""
    page.evaluate(read_axe())
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found["violations"]
    ]
