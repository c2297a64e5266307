import { describe, expect, it } from "vitest";
import { NO_FILTER, isNarrowed, matcherOf, narrowTree, toggleKind } from "./event_filter";
import { makeEvent } from "./samples";
import { buildTree } from "./tree";

const llm = makeEvent({ id: "l", kind: "llm", name: "", model: "gpt-4o", agent_id: "a1", parent_id: "c" });
const tool = makeEvent({ id: "t", kind: "tool", name: "verify_order", agent_id: "a2", parent_id: "c" });
const chain = makeEvent({ id: "c", kind: "workflow", name: "triage", agent_id: "a1" });
const error = makeEvent({ id: "e", kind: "error", name: "", error_type: "RateLimitError", details: "429 too many" });
const events = [chain, llm, tool, error];

describe("matcherOf", () => {
  it.each([
    [{ kinds: ["llm" as const] }, ["l"]],
    [{ kinds: ["agent" as const, "error" as const] }, ["c", "e"]],
    [{ agentId: "a2" }, ["t"]],
    [{ text: "VERIFY" }, ["t"]],
    [{ text: "429 many" }, ["e"]],
    [{ text: "gpt", agentId: "a2" }, []],
    [{}, ["c", "l", "t", "e"]],
  ])("%o leaves %o", (some, expected) => {
    const matches = matcherOf({ ...NO_FILTER, ...some });
    expect(events.filter(matches).map((event) => event.id)).toEqual(expected);
  });
});

it("keeps what a match lies in", () => {
  const { matched, shown } = narrowTree(events, buildTree(events), { ...NO_FILTER, text: "verify" });
  expect([...matched]).toEqual(["t"]);
  expect([...shown].sort()).toEqual(["c", "t"]);
});

it("knows whether it leaves everything", () => {
  expect(isNarrowed(NO_FILTER)).toBe(false);
  expect(isNarrowed({ ...NO_FILTER, text: "  " })).toBe(false);
  const one = toggleKind(NO_FILTER, "tool");
  expect(isNarrowed(one)).toBe(true);
  expect(toggleKind(one, "tool")).toEqual(NO_FILTER);
});
