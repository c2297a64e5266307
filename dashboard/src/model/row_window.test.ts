import { describe, expect, it } from "vitest";
import { keepOrder, rangeInView, scrollToShow } from "./row_window";

describe("rangeInView", () => {
  it("has every row in view, wherever the pane is scrolled", () => {
    for (let scrollPx = 0; scrollPx < 5_000; scrollPx += 7) {
      const { start, end } = rangeInView({ scrollPx, heightPx: 500 }, 1_000, 28);
      expect(start).toBeLessThanOrEqual(Math.floor(scrollPx / 28));
      expect(end).toBeGreaterThanOrEqual(Math.ceil((scrollPx + 500) / 28));
    }
  });

  it("keeps its length and moves seldom", () => {
    const starts = new Set<number>();
    for (let scrollPx = 10_000; scrollPx < 10_000 + 80 * 28; scrollPx += 4) {
      const { start, end } = rangeInView({ scrollPx, heightPx: 500 }, 100_000, 28);
      expect(end - start).toBe(28);
      starts.add(start);
    }
    expect(starts.size).toBeLessThanOrEqual(21);
  });

  it("ends at the last row, and holds a short list whole", () => {
    expect(rangeInView({ scrollPx: 28_000, heightPx: 500 }, 1_000, 28)).toEqual({ start: 972, end: 1_000 });
    expect(rangeInView({ scrollPx: 0, heightPx: 500 }, 3, 28)).toEqual({ start: 0, end: 3 });
    expect(rangeInView({ scrollPx: -40, heightPx: 500 }, 0, 28)).toEqual({ start: 0, end: 0 });
  });
});

describe("scrollToShow", () => {
  it("moves no further than it must", () => {
    const pane = { scrollPx: 280, heightPx: 300 };
    expect(scrollToShow(12, pane, 28, 24)).toBeNull();
    expect(scrollToShow(5, pane, 28, 24)).toBe(140);
    expect(scrollToShow(30, pane, 28, 24)).toBe(30 * 28 + 28 + 24 - 300);
  });
});

describe("keepOrder", () => {
  const items = [3, 4, 5].map((index) => ({ index, key: index % 3 }));
  it("keeps the order of the elements, whatever rows they show", () => {
    expect(keepOrder(items, [1, 2, 0]).map(({ index }) => index)).toEqual([4, 5, 3]);
  });
  it("puts what is new at the end, and leaves out what is gone", () => {
    expect(keepOrder(items, [7, 2]).map(({ index }) => index)).toEqual([5, 3, 4]);
    expect(keepOrder([], [1])).toEqual([]);
  });
});
