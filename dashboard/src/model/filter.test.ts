import { describe, expect, it } from "vitest";
import { NO_SESSION_FILTER, isFiltered, listHref, readFilter, sortedBy, withTag, withoutTag } from "./filter";

const ALL = NO_SESSION_FILTER;

describe("a filter", () => {
  it("goes through a URL and back", () => {
    const filter = {
      ...ALL,
      state: "Failure" as const,
      tags: ["a b", "c&d"],
      text: "rate limit",
      minCost: "1.5",
      sort: "cost" as const,
      isAscending: true,
    };
    const href = listHref(filter);
    expect(href).toBe("/?end_state=Failure&tag=a+b&tag=c%26d&q=rate+limit&min_cost=1.5&sort=cost&order=asc");
    expect(readFilter(href.slice(1))).toEqual(filter);
  });

  it("is the plain list by default, and takes no sort that there is not", () => {
    expect(listHref(ALL)).toBe("/");
    expect(readFilter("?sort=colour")).toEqual(ALL);
    expect(isFiltered(ALL)).toBe(false);
    expect(isFiltered({ ...ALL, sort: "cost" })).toBe(false);
    expect(isFiltered({ ...ALL, model: "gpt-4o" })).toBe(true);
  });

  it("has each tag once", () => {
    expect(withTag(withTag(ALL, "a"), "a").tags).toEqual(["a"]);
    expect(withoutTag({ ...ALL, tags: ["a", "b"] }, "a").tags).toEqual(["b"]);
  });

  it("sorts downwards, upwards, and not at all in turn", () => {
    const down = sortedBy(ALL, "cost");
    const up = sortedBy(down, "cost");
    expect([down.sort, down.isAscending]).toEqual(["cost", false]);
    expect([up.sort, up.isAscending]).toEqual(["cost", true]);
    expect(sortedBy(up, "cost")).toEqual(ALL);
  });

  it("sorts names from A first", () => {
    const up = sortedBy(ALL, "host");
    expect([up.sort, up.isAscending]).toEqual(["host", true]);
    expect(sortedBy(up, "host").isAscending).toBe(false);
    expect(sortedBy(sortedBy(up, "host"), "host")).toEqual(ALL);
  });
});
