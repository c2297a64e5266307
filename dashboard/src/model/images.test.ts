import { describe, expect, it } from "vitest";
import { imageSource, imageText } from "./images";

const NAME = `${"0".repeat(64)}.png`;

describe("imageSource", () => {
  it.each([
    ["data:image/png;base64,AAAA", "data:image/png;base64,AAAA"],
    [`agentops-object:${NAME}:12`, `/v2/sessions/s/objects/${NAME}`],
    [`data:image/png;base64,agentops-object:${NAME}:12`, `/v2/sessions/s/objects/${NAME}`],
    [`/v2/sessions/s/objects/${NAME}`, `/v2/sessions/s/objects/${NAME}`],
    ["https://elsewhere.example/a.png", null],
    ["data:image/svg+xml,<svg onload=alert(1)>", null],
    ["javascript:alert(1)", null],
    [`agentops-object:${"0".repeat(64)}.mp4:12`, null],
  ])("of %s is %s", (text, expected) => {
    expect(imageSource(text, "s")).toBe(expected);
  });
});

describe("imageText", () => {
  it.each([
    [{ type: "image_url", image_url: { url: "u" } }, "u"],
    [{ type: "input_image", image_url: "u" }, "u"],
    [{ type: "image", source: { type: "base64", media_type: "image/png", data: "A" } }, "data:image/png;base64,A"],
    [{ type: "image", source: { type: "url", url: "u" } }, "u"],
    [{ inline_data: { mime_type: "image/gif", data: "A" } }, "data:image/gif;base64,A"],
    [{ type: "input_audio", data: "A", media_type: "audio/wav" }, null],
    ["text", null],
  ])("finds it in %j", (part, expected) => {
    expect(imageText(part)).toBe(expected);
  });
});
