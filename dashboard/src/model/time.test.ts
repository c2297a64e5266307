import { describe, expect, it } from "vitest";
import { decodeTimeNs, formatExact, formatWhen, offsetMs } from "./time";

describe("decodeTimeNs", () => {
  it("keeps nine digits of a second", () => {
    expect(decodeTimeNs("1970-01-01T00:00:01.123456789Z")).toBe(1_123_456_789n);
  });

  it("reads zones, a blank for the T, and takes none for UTC", () => {
    const expected = decodeTimeNs("2026-11-20T10:41:07Z");
    for (const text of ["2026-11-20T11:41:07+01:00", "2026-11-20 10:41:07", "2026-11-20T05:41:07-0500"])
      expect(decodeTimeNs(text)).toBe(expected);
  });

  it("is null for what is not a time", () => {
    for (const text of ["", "yesterday", "2026-13-40T00:00:00Z"]) expect(decodeTimeNs(text)).toBeNull();
  });
});

describe("offsetMs", () => {
  const origin = decodeTimeNs("2026-11-20T10:41:07Z") ?? 0n;

  it("tells nanoseconds apart", () => {
    expect(offsetMs("2026-11-20T10:41:08.000001001Z", origin)).toBe(1000.001001);
  });

  it("is negative before the origin and null without a time", () => {
    expect(offsetMs("2026-11-20T10:41:06.5Z", origin)).toBe(-500);
    expect(offsetMs(null, origin)).toBeNull();
  });
});

describe("formatWhen", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");

  it.each([
    ["2026-11-20T11:59:30Z", "just now"],
    ["2026-11-20T10:41:07Z", "10:41"],
    ["2026-11-20T12:30:00Z", "12:30"],
    ["2026-11-19T23:05:00Z", "yesterday 23:05"],
    ["2026-11-12T09:44:00Z", "12 Nov 09:44"],
    ["2025-11-12T09:44:00Z", "12 Nov 2025"],
    ["not a time", "not a time"],
  ])("%s is %s", (text, expected) => {
    expect(formatWhen(text, now, "UTC")).toBe(expected);
  });

  it("counts days in the reader's zone", () => {
    expect(formatWhen("2026-11-19T23:30:00Z", now, "Europe/Berlin")).toBe("00:30");
  });
});

it("names the exact moment with its zone", () => {
  expect(formatExact("2026-11-20T10:41:07.123456Z", "UTC")).toBe("20 Nov 2026 10:41:07.123456 UTC");
  expect(formatExact("2026-11-20T10:41:07Z", "UTC")).toBe("20 Nov 2026 10:41:07 UTC");
});
