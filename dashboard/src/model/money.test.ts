import { describe, expect, it } from "vitest";
import { addMoney, compareMoney, decodeDecimal, formatMoney, isZero, shareOf, subtractMoney } from "./money";

describe("formatMoney", () => {
  it.each([
    ["0.0212", "$0.0212"],
    ["0.0075", "$0.0075"],
    ["0", "$0.00"],
    ["0.000000", "$0.00"],
    ["1.931", "$1.9310"],
    ["0.02125", "$0.0213"],
    ["0.00012345", "$0.0001"],
    ["0.000012345", "$0.000012"],
    ["0.00000015", "$0.00000015"],
    ["0.00002", "$0.00002"],
    ["99.99996", "$100.0000"],
    ["100", "$100.00"],
    ["1234567.891", "$1,234,567.89"],
    ["-0.5", "-$0.5000"],
    ["1E-7", "$0.0000001"],
    ["12e2", "$1,200.00"],
  ])("writes %s as %s", (text, expected) => {
    expect(formatMoney(text)).toBe(expected);
  });

  it("rounds a lower bound down, so that it stays one", () => {
    expect(formatMoney("0.02129", true)).toBe("≥ $0.0212");
    expect(formatMoney("0.02129")).toBe("$0.0213");
  });

  it("keeps every digit of a sum no float can hold", () => {
    expect(formatMoney("9007199254740993.01")).toBe("$9,007,199,254,740,993.01");
  });

  it("shows what is not a number as it came", () => {
    expect(formatMoney("unknown")).toBe("unknown");
    expect(formatMoney("")).toBe("");
  });
});

describe("decodeDecimal", () => {
  it("refuses what is not a decimal", () => {
    for (const text of ["", ".", "NaN", "1,5", "0x1", "1.2.3"]) expect(decodeDecimal(text)).toBeNull();
  });

  it("knows a zero in any spelling", () => {
    for (const text of ["0", "0.00", "-0", "0E-9"]) expect(isZero(text)).toBe(true);
    for (const text of ["0.0000001", "unknown"]) expect(isZero(text)).toBe(false);
  });
});

it("adds and subtracts exactly", () => {
  expect(addMoney(["0.1", "0.2", "1e-7", "none"])).toBe("0.3000001");
  expect(addMoney([])).toBe("0");
  expect(subtractMoney("0.0075", "0.01")).toBe("-0.0025");
  expect(subtractMoney("1", "-1")).toBe("2");
});

it("compares by value, not by text", () => {
  expect(compareMoney("0.10", "0.1")).toBe(0);
  expect(compareMoney("9", "10")).toBe(-1);
  expect(compareMoney("2", "1.99")).toBe(1);
});

it("gives the share of a whole", () => {
  expect(shareOf("0.25", "1")).toBe(0.25);
  expect(shareOf("1", "0")).toBe(0);
});
