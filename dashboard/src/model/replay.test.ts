import { expect, it } from "vitest";
import { advance, suggestSpeed } from "./replay";

it("goes on by the time that passed, and ends at the end", () => {
  expect(advance(1_000, 50, 10, 5_000)).toBe(1_500);
  expect(advance(4_900, 50, 10, 5_000)).toBeNull();
});

it.each([
  [30_000, 1],
  [72_400, 2],
  [3_600_000, 100],
  [864_000_000, 1_000],
])("suggests for %d ms the speed %d", (spanMs, speed) => {
  expect(suggestSpeed(spanMs)).toBe(speed);
});
