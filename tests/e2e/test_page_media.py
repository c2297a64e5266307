"""Video and screenshots in a real browser, on the time of everything else; the clip is made by filming.py."""

import base64
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import agent_env, wait_for
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-media")

CLIP = Path(__file__).with_name("clip.webm")
SHOTS = 20
# An agent of a browser: every second another page, of which it keeps a picture.
PROGRAM = """
import json, sys
from datetime import datetime, timedelta, timezone
import agentops

clip, shots = sys.argv[1], json.loads(sys.argv[2])
session = agentops.init(default_tags=["media"])
begun = datetime.now(timezone.utc)
for number, shot in enumerate(shots):
    at = begun + timedelta(seconds=number / 4)
    agentops.record(agentops.ActionEvent("look", screenshot=shot, init_timestamp=at, end_timestamp=at))
agentops.record(agentops.ActionEvent("think"))
session.set_video(clip)
agentops.end_session("Success", "seen it")
print(json.dumps(str(session.session_id)))
"""


def picture(red: int) -> str:
    """A PNG of one colour, as an agent attaches it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + bytes([red, 60, 120]) * 8) * 8)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


@pytest.fixture(scope="module")
def session_id(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    env = agent_env(server.url, server.api_key, tmp_path_factory.mktemp("spool"))
    shots = json.dumps([picture(10 * number) for number in range(SHOTS)])
    program = [sys.executable, "-c", PROGRAM, str(CLIP), shots]
    ended = subprocess.run(program, env=env, capture_output=True, text=True, timeout=120, check=True)
    found = str(json.loads(ended.stdout))
    reader = Reader(server.url, server.api_key)
    wait_for("the video has arrived", lambda: bool(reader.session(found)["video"]))
    return found


@pytest.fixture
def media(page: Page, server: Server, session_id: str) -> Page:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})
    page.goto(f"/sessions/{session_id}?view=media")
    expect(video(page)).to_be_visible()
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    return page


def video(page: Page) -> Locator:
    return page.get_by_label("Video of the session")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the replay")


def moment_ms(page: Page) -> int:
    return int(slider(page).get_attribute("aria-valuenow") or 0)


def test_the_video_of_the_session_plays(media: Page) -> None:
    assert 5 < video(media).evaluate("video => video.duration") < 7
    video(media).evaluate("video => video.play()")
    media.wait_for_function("() => document.querySelector('video').currentTime > 0.2")


def test_the_moment_of_the_replay_seeks_in_the_video(media: Page) -> None:
    slider(media).focus()
    slider(media).press("Home")
    for _ in range(60):
        slider(media).press("ArrowRight")
    seconds = moment_ms(media) / 1000
    assert seconds > 1
    media.wait_for_function("at => Math.abs(document.querySelector('video').currentTime - at) < 0.5", arg=seconds)


def test_seeking_in_the_video_moves_the_replay(media: Page) -> None:
    video(media).evaluate("video => { video.currentTime = 2.125; }")
    expect(slider(media)).to_have_attribute("aria-valuenow", "2125")
    expect(media.get_by_text("Screenshot 9 of 20")).to_be_visible()


def test_the_screenshot_is_that_of_the_moment(media: Page) -> None:
    expect(media.get_by_text(f"Screenshot {SHOTS} of {SHOTS}")).to_be_visible()
    slider(media).focus()
    slider(media).press("Home")
    expect(media.get_by_text(f"Screenshot 1 of {SHOTS}")).to_be_visible()
    large = media.get_by_alt_text("Screenshot of look")
    expect(large).to_be_visible()
    first = large.evaluate("image => image.src")
    media.get_by_role("button", name="Later").click()
    expect(media.get_by_text(f"Screenshot 2 of {SHOTS}")).to_be_visible()
    media.wait_for_function("first => document.querySelector('.shot.large').src !== first", arg=first)


def test_replay_plays_the_video_along(media: Page) -> None:
    slider(media).focus()
    slider(media).press("Home")
    media.get_by_label("Speed").select_option("1")
    media.get_by_role("button", name="Replay").click()
    media.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    media.get_by_role("button", name="Pause").click()
    media.wait_for_function("() => document.querySelector('video').paused")
