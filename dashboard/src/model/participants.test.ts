import { describe, expect, it } from "vitest";
import type { EventRow } from "../api/types";
import { clockSkewMs, countMissing, formatGaps, participantsOf } from "./participants";
import { makeEvent } from "./samples";

const event = (participant_id: string | null, sequence: number, fields = {}) =>
  makeEvent({ id: `${participant_id}-${sequence}`, participant_id, sequence, ...fields });

describe("participantsOf", () => {
  it("finds the numbers that are missing in each process", () => {
    const events = [event("p", 1), event("p", 3), event("q", 4), event("p", 7), event("q", 2), event(null, 0)];
    const participants = participantsOf(events);
    expect(participants.map(({ id, missing }) => [id, formatGaps(missing)])).toEqual([
      ["p", "2, 4–6"],
      ["q", "1, 3"],
    ]);
    expect(countMissing(participants)).toBe(6);
  });

  it("misses nothing of clients that give no numbers", () => {
    expect(countMissing(participantsOf([event("p", 0), event("p", 0)]))).toBe(0);
  });
});

describe("clockSkewMs", () => {
  const parent = event("p", 1, { init_timestamp: "2026-11-20T10:00:01Z" });
  const early = { parent_id: parent.id, init_timestamp: "2026-11-20T10:00:00.25Z" };

  const skewOf = (...events: EventRow[]) => clockSkewMs(participantsOf(events));

  it("is how much earlier a child in another process began", () => {
    expect(skewOf(parent, event("q", 1, early))).toBe(750);
    expect(participantsOf([parent, event("q", 1, early)]).map(({ behindMs }) => behindMs)).toEqual([0, 750]);
  });

  it("says nothing of events of one process, nor of later ones", () => {
    expect(skewOf(parent, event("p", 2, early))).toBe(0);
    expect(skewOf(parent, event("q", 1, { ...early, init_timestamp: "2026-11-20T10:00:03Z" }))).toBe(0);
  });
});
