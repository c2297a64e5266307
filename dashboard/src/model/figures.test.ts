import { expect, it } from "vitest";
import { latencyMs, modelShare } from "./figures";
import { makeEvent } from "./samples";

const call = (from: number, to: number) =>
  makeEvent({
    id: `${from}`,
    kind: "llm",
    init_timestamp: `2026-11-20T10:00:0${from}Z`,
    end_timestamp: `2026-11-20T10:00:0${to}Z`,
    duration_ms: (to - from) * 1_000,
  });

it("counts time once in which calls overlap", () => {
  expect(modelShare([call(0, 3), call(2, 4), call(6, 7), makeEvent()], 10_000)).toBe(0.5);
  expect(modelShare([], 0)).toBe(0);
});

it("takes the nearest rank", () => {
  expect(latencyMs([call(0, 1), call(1, 3), call(3, 9)], 0.95)).toBe(6_000);
  expect(latencyMs([call(0, 1), call(1, 3), call(3, 9)], 0.5)).toBe(2_000);
  expect(latencyMs([], 0.5)).toBeNull();
});
