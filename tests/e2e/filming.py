"""Makes ``clip.webm``, the video of the tests: ``python -m tests.e2e.filming``.

Chromium films a canvas that counts the seconds, so that no other program is needed.
"""

import base64
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import BROWSER_ARGUMENTS
from tests.provision import BROWSER

CLIP = Path(__file__).with_name("clip.webm")
SECONDS = 6
_FILM = """async seconds => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
  const context = canvas.getContext("2d");
  const begun = performance.now();
  const draw = () => {
    const second = Math.floor((performance.now() - begun) / 1000);
    context.fillStyle = `hsl(${second * 50} 60% 35%)`;
    context.fillRect(0, 0, 160, 90);
    context.fillStyle = "white";
    context.font = "48px sans-serif";
    context.fillText(String(second), 66, 62);
  };
  const timer = setInterval(draw, 100);
  const parts = [];
  const options = { mimeType: "video/webm;codecs=vp8", videoBitsPerSecond: 40000 };
  const recorder = new MediaRecorder(canvas.captureStream(10), options);
  recorder.ondataavailable = event => parts.push(event.data);
  const ended = new Promise(resolve => (recorder.onstop = resolve));
  recorder.start();
  await new Promise(resolve => setTimeout(resolve, seconds * 1000));
  recorder.stop();
  await ended;
  clearInterval(timer);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=list(BROWSER_ARGUMENTS))
        CLIP.write_bytes(base64.b64decode(browser.new_page().evaluate(_FILM, SECONDS)))
        browser.close()
    print(f"{CLIP.name}: {CLIP.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
