import { describe, expect, it } from "vitest";
import { axisOf, barOf, clampWindow, labelSide, percentIn, tickStepMs, ticksMs, zoomAround } from "./axis";
import { makeEvent, makeSession } from "./samples";

describe("axisOf", () => {
  it("reaches from the start to the end of the session", () => {
    const session = makeSession({ init_timestamp: "2026-11-20T10:00:00Z", end_timestamp: "2026-11-20T10:01:12.4Z" });
    expect(axisOf(session, []).spanMs).toBe(72_400);
  });

  it("takes in events before the start and after the end", () => {
    const session = makeSession({ init_timestamp: "2026-11-20T10:00:00Z", end_timestamp: "2026-11-20T10:00:10Z" });
    const early = makeEvent({ init_timestamp: "2026-11-20T09:59:59Z", end_timestamp: null });
    const late = makeEvent({ init_timestamp: "2026-11-20T10:00:09Z", end_timestamp: "2026-11-20T10:00:14Z" });
    const axis = axisOf(session, [early, late]);
    expect(axis.spanMs).toBe(15_000);
    expect(barOf(early, axis)).toEqual({ startMs: 0, endMs: null });
    expect(barOf(late, axis)).toEqual({ startMs: 10_000, endMs: 15_000 });
  });

  it("has a span even when nothing happened", () => {
    expect(axisOf(makeSession({ end_timestamp: null }), []).spanMs).toBeGreaterThan(0);
  });

  it("does not let an event end before it starts", () => {
    const session = makeSession({ init_timestamp: "2026-11-20T10:00:00Z", end_timestamp: null });
    const event = makeEvent({ init_timestamp: "2026-11-20T10:00:05Z", end_timestamp: "2026-11-20T10:00:04Z" });
    expect(barOf(event, axisOf(session, [event]))).toEqual({ startMs: 5_000, endMs: 5_000 });
  });
});

describe("tickStepMs", () => {
  it.each([
    [72_400, 5, 15_000],
    [72_400, 10, 10_000],
    [0.9, 5, 0.2],
    [1_000, 5, 200],
    [5_400_000, 6, 900_000],
    [20 * 86_400_000, 5, 4 * 86_400_000],
  ])("a span of %d ms with at most %d marks has one every %d ms", (span, most, expected) => {
    expect(tickStepMs(span, most)).toBe(expected);
  });
});

it("marks the axis from 0 to its end", () => {
  expect(ticksMs({ fromMs: 0, toMs: 72_400 }, 15_000)).toEqual([0, 15_000, 30_000, 45_000, 60_000]);
  expect(ticksMs({ fromMs: 0, toMs: 60_000 }, 15_000)).toHaveLength(5);
  expect(ticksMs({ fromMs: 16_000, toMs: 46_000 }, 15_000)).toEqual([30_000, 45_000]);
});

describe("the label of a mark", () => {
  it.each([
    [0, 20, "after"],
    [90, 20, "after"],
    [99, 49, null],
    [99.6, 20, null], // it would lie upon the one of 79.6 %
    [95, 120, "before"], // the only one in the window
  ])("at %d %% of the lane, with a mark every %d %%, is %s", (percent, stepPercent, expected) => {
    expect(labelSide(percent, stepPercent)).toBe(expected);
  });
});

describe("a window", () => {
  const axis = { originNs: 0n, spanMs: 10_000 };

  it("stays on the axis", () => {
    expect(clampWindow({ fromMs: 8_000, toMs: 12_000 }, axis)).toEqual({ fromMs: 6_000, toMs: 10_000 });
    expect(clampWindow({ fromMs: -5, toMs: 99_999 }, axis)).toEqual({ fromMs: 0, toMs: 10_000 });
  });

  it("never gets too small to draw", () => {
    const { fromMs, toMs } = clampWindow({ fromMs: 5_000, toMs: 5_000 }, axis);
    expect(toMs - fromMs).toBeCloseTo(0.1);
  });

  it("zooms around a moment that keeps its place", () => {
    const zoomed = zoomAround({ fromMs: 0, toMs: 10_000 }, 2_000, 0.5, axis);
    expect(zoomed).toEqual({ fromMs: 1_000, toMs: 6_000 });
    expect(percentIn(zoomed, 2_000)).toBe(20);
  });
});
