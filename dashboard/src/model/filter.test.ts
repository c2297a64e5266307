import { expect, it } from "vitest";
import { isFiltered, listHref, readFilter, withTag, withoutTag } from "./filter";

it("goes through a URL and back", () => {
  const filter = { state: "Failure" as const, tags: ["a&b", "größe"] };
  expect(readFilter(listHref(filter).slice(1))).toEqual(filter);
  expect(listHref({ state: null, tags: [] })).toBe("/");
});

it("ignores an unknown state and repeated tags", () => {
  expect(readFilter("?end_state=nonsense&tag=a&tag=a&link=expired")).toEqual({ state: null, tags: ["a"] });
});

it("adds a tag once and takes it away", () => {
  const one = withTag({ state: null, tags: [] }, "a");
  expect(withTag(one, "a")).toEqual(one);
  expect(withoutTag(withTag(one, "b"), "a").tags).toEqual(["b"]);
  expect(isFiltered(one)).toBe(true);
  expect(isFiltered(withoutTag(one, "a"))).toBe(false);
});
