import { describe, expect, it } from "vitest";
import { formatDuration, formatDurationExact, formatTick } from "./duration";

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [0.0004, "400 ns"],
    [0.25, "250 µs"],
    [0.9999, "1 ms"],
    [3.04, "3 ms"],
    [812.5, "813 ms"],
    [999.6, "1.0 s"],
    [4820, "4.8 s"],
    [9949, "9.9 s"],
    [9951, "10 s"],
    [38_200, "38 s"],
    [59_499, "59 s"],
    [59_500, "1m 00s"],
    [72_400, "1m 12s"],
    [1_880_000, "31m 20s"],
    [3_599_700, "1h 00m"],
    [7_500_000, "2h 05m"],
    [273_600_000, "3d 04h"],
    [-500, "-500 ms"],
  ])("%d ms is %s", (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});

describe("formatDurationExact", () => {
  it.each([
    [4820, "4.82 s"],
    [9996, "10.0 s"],
    [38_249, "38.2 s"],
    [59_960, "1m 00.0s"],
    [72_400, "1m 12.4s"],
    [1_880_400, "31m 20s"],
    [3_723_400, "1h 02m 03s"],
  ])("%d ms is %s", (ms, expected) => {
    expect(formatDurationExact(ms)).toBe(expected);
  });
});

describe("formatTick", () => {
  it.each([
    [0, 200, "0"],
    [0.5, 0.5, "0.5 ms"],
    [400, 200, "400 ms"],
    [1200, 200, "1.2 s"],
    [15_000, 15_000, "15 s"],
    [60_000, 15_000, "60 s"],
    [150_000, 30_000, "2m 30s"],
    [120_000, 60_000, "2m"],
    [3_600_000, 900_000, "1h"],
    [5_400_000, 1_800_000, "1h 30m"],
    [90_000_000, 3_600_000, "1d 1h"],
  ])("%d ms with a step of %d ms is %s", (ms, step, expected) => {
    expect(formatTick(ms, step)).toBe(expected);
  });
});
