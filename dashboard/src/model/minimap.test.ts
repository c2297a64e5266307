import { expect, it } from "vitest";
import { axisOf } from "./axis";
import { layoutMinimap } from "./minimap";
import { makeEvent, makeSession } from "./samples";

const STRIP = { widthPx: 100, heightPx: 34, barPx: 3 };
const session = makeSession({ init_timestamp: "2026-11-20T10:00:00Z", end_timestamp: "2026-11-20T10:00:10Z" });
const at = (from: number, to: number, fields = {}) =>
  makeEvent({
    id: `${from}-${to}`,
    init_timestamp: `2026-11-20T10:00:0${from}Z`,
    end_timestamp: `2026-11-20T10:00:0${to}Z`,
    ...fields,
  });

it("lays events out over the strip, errors on top", () => {
  const events = [at(0, 5, { kind: "llm" }), at(5, 5, { kind: "error" }), at(6, 8, { kind: "tool" })];
  expect(layoutMinimap(events, axisOf(session, events), STRIP)).toEqual([
    { x: 0, y: 0, width: 50, kind: "llm" },
    { x: 60, y: 12, width: 20, kind: "tool" },
    { x: 50, y: 6, width: 2, kind: "error" },
  ]);
});

it("draws no more bars than there are pixels for them", () => {
  const events = Array.from({ length: 20_000 }, (_, index) => at(index % 9, (index % 9) + 1));
  const bars = layoutMinimap(events, axisOf(session, events), STRIP);
  expect(bars.length).toBeLessThan(9 * 34);
  expect(bars.every((bar) => bar.x + bar.width <= 100 && bar.y <= 31)).toBe(true);
});
