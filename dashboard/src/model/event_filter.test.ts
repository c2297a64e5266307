import { describe, expect, it } from "vitest";
import { NO_FILTER, hasWord, isNarrowed, matcherOf, narrowTree, nextHit, toggleKind } from "./event_filter";
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

it("counts what carries the words, within the kinds and the agent", () => {
  const carrying = new Set(["l", "t"]);
  const ids = (some: object) => events.filter(matcherOf({ ...NO_FILTER, ...some }, carrying)).map(({ id }) => id);
  expect(ids({ text: "heron" })).toEqual(["l", "t"]);
  expect(ids({ text: "heron", kinds: ["tool"] })).toEqual(["t"]);
  expect(ids({ text: "triage" })).toEqual(["c", "l", "t"]);
});

it.each([
  ["heron", true],
  [" 東京 ", true],
  ["3.14", true],
  ["!?", false],
  ["", false],
])("tells whether there is a word in %j", (text, expected) => {
  expect(hasWord(text)).toBe(expected);
});

describe("nextHit", () => {
  const order = ["a", "b", "c", "d"];
  it.each([
    [null, 1, "b"],
    [null, -1, "d"],
    ["a", 1, "b"],
    ["b", 1, "d"],
    ["d", 1, "b"],
    ["b", -1, "d"],
    ["c", -1, "b"],
    ["gone", 1, "b"],
  ] as const)("from %s by %i leads to %s", (chosen, by, expected) => {
    expect(nextHit(order, new Set(["b", "d"]), chosen, by)).toBe(expected);
  });
  it("stays where there is no other, and leads nowhere where there is none", () => {
    expect(nextHit(order, new Set(["b"]), "b", 1)).toBe("b");
    expect(nextHit(order, new Set(), "b", 1)).toBe(null);
    expect(nextHit([], new Set(["b"]), null, -1)).toBe(null);
  });
});

it("knows whether it leaves everything", () => {
  expect(isNarrowed(NO_FILTER)).toBe(false);
  expect(isNarrowed({ ...NO_FILTER, text: "  " })).toBe(false);
  const one = toggleKind(NO_FILTER, "tool");
  expect(isNarrowed(one)).toBe(true);
  expect(toggleKind(one, "tool")).toEqual(NO_FILTER);
});
