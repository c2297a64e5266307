import { describe, expect, it } from "vitest";
import { boundNote, costOf, eventCost, tokensOf, whyMore } from "./cost";
import { makeStats } from "./samples";

describe("costOf", () => {
  it("is the figure when everything is priced", () => {
    expect(costOf(makeStats({ cost: "0.0212", llms: 3 }))).toEqual({ text: "$0.0212", title: "$0.0212 in US dollars" });
  });

  it("says at least when a price is missing", () => {
    const cost = costOf(makeStats({ cost: "0.0212", llms: 3, cost_is_lower_bound: true, unpriced_llms: 2 }));
    expect(cost.text).toBe("≥ $0.0212");
    expect(cost.title).toContain("2 LLM calls");
  });

  it("says at least when events are missing", () => {
    const few = makeStats({
      cost: "0.0212",
      llms: 3,
      cost_is_lower_bound: true,
      missing_events: 1,
      refused_events: 12,
    });
    expect(costOf(few).title).toBe("At least $0.0212: 1 event did not arrive, 12 events could not be kept.");
    expect(boundNote(few)).toBe("events are missing");
    expect(whyMore({ ...few, cost_is_lower_bound: false })).toEqual([]);
  });

  it("is a dash when nothing is known, or nothing costs", () => {
    const unknown = costOf(makeStats({ cost: "0", llms: 1, cost_is_lower_bound: true, unpriced_llms: 1 }));
    expect(unknown.text).toBe("–");
    expect(unknown.title).toContain("1 LLM call is missing");
    expect(costOf(makeStats({ cost: "0.00", llms: 0 })).text).toBe("–");
  });

  it("is $0 only for calls that are known to be free", () => {
    expect(costOf(makeStats({ cost: "0", llms: 2 })).text).toBe("$0.00");
  });

  it("shows a cost that came without LLM calls", () => {
    expect(costOf(makeStats({ cost: "0.5", llms: 0 })).text).toBe("$0.5000");
  });
});

it("shows an event without a cost as a dash", () => {
  expect(eventCost(null).text).toBe("–");
  expect(eventCost("0.0075").text).toBe("$0.0075");
  expect(eventCost("0.0075", "book 1").title).toContain("by the prices of book 1");
});

describe("tokensOf", () => {
  it("is the sum when every call was counted", () => {
    expect(tokensOf(makeStats({ llms: 2, total_tokens: 18204 })).text).toBe("18,204");
  });

  it("says at least when a count is missing, and nothing when all are", () => {
    const some = tokensOf(makeStats({ llms: 3, total_tokens: 18204, uncounted_llms: 1 }));
    expect(some).toEqual({ text: "≥ 18,204", title: "At least 18,204: the token counts of 1 LLM call are missing." });
    expect(tokensOf(makeStats({ llms: 3, total_tokens: 0, uncounted_llms: 3 })).text).toBe("–");
  });
});
