"""How fast the page shows a session of 50,000 events, and a list of 100,000 sessions; and a trace, beside Phoenix."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.dashboard.browsing import Figures, Opening, measure_page, open_browser
from benchmarks.dashboard.filling import import_sessions, load_trace, record_session, trace_session_id
from benchmarks.sdk.environments import describe, provide
from benchmarks.server.peers_asking import running
from benchmarks.server.peers_questions import PEERS
from benchmarks.server.peers_spans import trace_id
from benchmarks.serving import Server, serve

EVENTS, SESSIONS, SPANS, RUNS = 50_000, 100_000, 5_000, 5
SCROLLED_SESSIONS = 1_000
NOTES = (
    "Medians of five, each in a fresh browser context: headless Chromium at 1440 x 900 on the machine of the server. "
    "Data are there for the first rows when the last answer ended before they were painted; frames are those of "
    "scrolling from the first row to the last that is loaded in 120 steps; the heap is after a collection; the first "
    "load is what came over the network for the document, scripts and styles. The list loads pages of 100 as it is "
    "scrolled, 1,000 here before it is measured. The trace has 5,000 spans of 3 KB, sent over OTLP to both. Phoenix "
    "loads 1,000 of them until a button is pressed: its figures are those of 1,000."
)
_FIRST_ROW = "() => document.querySelector('[data-testid=event-row]') !== null"
_TREE_DONE = "() => document.querySelector('[role=tree]')?.getAttribute('aria-busy') === 'false'"
_TREE_PANE = "() => document.querySelector('.rows-scroller')"
# Phoenix names nothing for tests: a row is found by its span's name, the pane by how much there is to scroll.
_PHOENIX_ROW = "xpath=//*[text()='llm']"
_PHOENIX_THERE = (
    "() => document.evaluate(\"//*[text()='llm']\", document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null)"
    ".singleNodeValue !== null"
)
_PHOENIX_DONE = "() => document.evaluate(\"count(//*[text()='llm'])\", document, null, 1, null).numberValue >= 999"
_PHOENIX_PANE = """() => [...document.querySelectorAll('*')]
  .filter(each => /auto|scroll/.test(getComputedStyle(each).overflowY))
  .sort((a, b) => (b.scrollHeight - b.clientHeight) - (a.scrollHeight - a.clientHeight))[0]"""


def measure() -> list[dict[str, Any]]:
    return _measure(EVENTS, SESSIONS, SPANS, RUNS)


def measure_quickly() -> list[dict[str, Any]]:
    return _measure(2_000, 300, 1_200, 1)


def _measure(events: int, sessions: int, spans: int, runs: int) -> list[dict[str, Any]]:
    provide(PEERS[0].target)
    with open_browser() as browser:
        ours = _measure_ours(browser, events, sessions, spans, runs)
        theirs = _measure_phoenix(browser, spans, runs)
    return [{"page": name, **figures} for name, figures in [*ours, theirs]]


def _measure_ours(browser: Browser, events: int, sessions: int, spans: int, runs: int) -> Sequence[tuple[str, Figures]]:
    with serve() as server:
        session_id = record_session(server, events)
        load_trace(server.http, server.url, {"X-Agentops-Api-Key": server.api_key}, spans)
        trace = trace_session_id(server)
        pages = [
            (f"a session of {events:,} events", measure_page(browser, server.url, _session(server, session_id), runs)),
            (f"a trace of {spans:,} spans", measure_page(browser, server.url, _session(server, trace), runs)),
        ]
        import_sessions(server, sessions)
        opening = _list(server, min(SCROLLED_SESSIONS, sessions))
        pages.append((f"a list of {sessions:,} sessions", measure_page(browser, server.url, opening, runs)))
    return pages


def _session(server: Server, session_id: str) -> Opening:
    row = "[data-testid=event-row]"
    return Opening(f"/sessions/{session_id}", row, _FIRST_ROW, _TREE_DONE, _TREE_PANE, _signing_in(server))


def _list(server: Server, scrolled: int) -> Opening:
    pane = "document.querySelector('.sessions .table')"
    # Goes to the end of what is loaded until enough is, and back to where a reader begins.
    done = f"""() => {{
      const pane = {pane};
      const loaded = pane.querySelector('.rows').offsetHeight / 38;
      pane.scrollTop = loaded < {scrolled} ? pane.scrollHeight : 0;
      return loaded >= {scrolled};
    }}"""
    there = "() => document.querySelector('[data-testid=session-row]') !== null"
    return Opening("/", "[data-testid=session-row]", there, done, f"() => {pane}", _signing_in(server))


def _signing_in(server: Server) -> Any:
    def sign_in(page: Page) -> None:
        page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})

    return sign_in


def _measure_phoenix(browser: Browser, spans: int, runs: int) -> tuple[str, Figures]:
    peer = PEERS[0]
    with tempfile.TemporaryDirectory() as folder, running(peer, Path(folder)) as client:
        load_trace(client.http, client.url, peer.headers, spans)
        while peer.count_spans(client) < spans:
            time.sleep(1)
        path = f"/projects/{client.query('id')['id']}/traces/{trace_id(0).hex()}"
        opening = Opening(path, _PHOENIX_ROW, _PHOENIX_THERE, _PHOENIX_DONE, _PHOENIX_PANE)
        return f"the same trace, {describe(peer.target)}", measure_page(browser, client.url, opening, runs)
