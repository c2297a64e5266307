import { describe, expect, it } from "vitest";
import { makeEvent, makeSession, makeStats } from "./samples";
import { eventName, findLastError, formatCount, isLongReason, nameOf, reasonLine, summaryOf } from "./story";
import { findState, stateOf } from "./state";

describe("reasonLine", () => {
  it.each([
    [null, null],
    ["  \n ", null],
    ["Signal SIGINT detected", "Signal SIGINT detected"],
    ["ValueError: no order\nTraceback (most recent call last):\n  File …", "ValueError: no order"],
    ["Traceback (most recent call last):\n  File …\nKeyError: 'id'\n", "KeyError: 'id'"],
  ])("of %j is %j", (reason, expected) => {
    expect(reasonLine(reason)).toBe(expected);
  });
});

it("cuts a reason that never ends, and says that there is more", () => {
  const reason = "x".repeat(500);
  expect(reasonLine(reason)).toBe(`${"x".repeat(240)}…`);
  expect(isLongReason(reason)).toBe(true);
  expect(isLongReason("a\nb")).toBe(true);
  expect(isLongReason("Signal SIGINT detected\n")).toBe(false);
  expect(isLongReason(null)).toBe(false);
});

describe("summaryOf", () => {
  it("is the reason when the session gave one", () => {
    expect(summaryOf(makeSession({ end_state_reason: "refund issued" }))).toEqual({
      text: "refund issued",
      isGiven: true,
    });
  });

  it("counts what happened when it did not", () => {
    const stats = makeStats({ events: 1204 });
    expect(summaryOf(makeSession({ stats })).text).toBe("1,204 events");
    expect(summaryOf(makeSession({ stats, end_state: "Failure" })).text).toBe("no reason given, 1,204 events");
  });

  it("never tells a running session's end", () => {
    const session = makeSession({ is_running: true, end_state_reason: "old", stats: makeStats({ events: 1 }) });
    expect(summaryOf(session)).toEqual({ text: "1 event so far", isGiven: false });
    expect(summaryOf(makeSession({ is_running: true })).text).toBe("no events yet");
  });
});

it("names a session without a name by the end of its id", () => {
  expect(nameOf({ name: " ", session_id: "01939c6e-0000-7000-8000-00000000beef" })).toBe("Session 00beef");
  expect(nameOf({ name: "Refund", session_id: "x" })).toBe("Refund");
});

it("names an event by what it has", () => {
  expect(eventName(makeEvent({ kind: "llm", name: "", model: "gpt-4o" }))).toBe("gpt-4o");
  expect(eventName(makeEvent({ kind: "error", name: " ", error_type: "RateLimitError" }))).toBe("RateLimitError");
  expect(eventName(makeEvent({ kind: "tool", name: "" }))).toBe("Tool call");
  expect(eventName(makeEvent({ kind: "retriever", name: "" }))).toBe("retriever");
});

describe("findLastError", () => {
  it("finds where the last one happened", () => {
    const tool = makeEvent({ id: "t", kind: "tool" });
    const first = makeEvent({ id: "e1", kind: "error" });
    const last = makeEvent({ id: "e2", kind: "error", trigger_event_id: "t" });
    expect(findLastError([tool, first, last])).toEqual({ error: last, origin: tool, count: 2 });
  });

  it("is null without errors", () => {
    expect(findLastError([makeEvent()])).toBeNull();
  });
});

describe("state", () => {
  it("is Running as long as the session runs", () => {
    expect(stateOf({ end_state: "Indeterminate", is_running: true })).toBe("Running");
    expect(stateOf({ end_state: "Indeterminate", is_running: false })).toBe("Indeterminate");
  });

  it("is read from a query in any letter case", () => {
    expect(findState("failure")).toBe("Failure");
    expect(findState("nonsense")).toBeNull();
    expect(findState(null)).toBeNull();
  });
});

it("groups thousands", () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"]);
});
