import { expect, it } from "vitest";
import { type Place, START, placeHref, readPlace } from "./place";

const search = (href: string) => href.slice(href.indexOf("?"));

it("goes through a URL and back", () => {
  const place: Place = {
    tab: "environment",
    eventId: "e/1",
    filter: { kinds: ["llm", "error"], agentId: "a", text: "rate limit" },
    window: { fromMs: 12.5, toMs: 30_000 },
    atMs: 44_900,
  };
  expect(readPlace(search(placeHref("s", place)))).toEqual(place);
});

it("is the plain URL of a session by default", () => {
  expect(placeHref("s", START)).toBe("/sessions/s");
  expect(readPlace("?view=unknown&kind=else&zoom=9-3&at=x")).toEqual(START);
  expect(readPlace("?zoom=1-2-3")).toEqual(START);
});
