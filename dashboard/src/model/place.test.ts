import { expect, it } from "vitest";
import { placeHref, readPlace } from "./place";

it("goes through a URL and back", () => {
  const place = { tab: "environment", eventId: "e/1" } as const;
  const href = placeHref("s", place);
  expect(readPlace(href.slice(href.indexOf("?")))).toEqual(place);
});

it("is the plain URL of a session by default", () => {
  expect(placeHref("s", { tab: "waterfall", eventId: null })).toBe("/sessions/s");
  expect(readPlace("?view=unknown")).toEqual({ tab: "waterfall", eventId: null });
});
