import { describe, expect, it } from "vitest";
import { conversationsOf, splitSeen } from "./conversation";
import { readMessages } from "./messages";
import { makeEvent } from "./samples";

const read = (...texts: string[]) =>
  readMessages(
    texts.map((content) => ({ role: "user", content })),
    "user",
  );
const texts = (messages: { text: string }[]) => messages.map((message) => message.text);

describe("splitSeen", () => {
  it("folds what the call before carried", () => {
    const { seen, fresh } = splitSeen(read("a", "b"), read("a", "b", "c"));
    expect([texts(seen), texts(fresh)]).toEqual([["a", "b"], ["c"]]);
  });

  it("folds a history of which the beginning was cut off", () => {
    expect(texts(splitSeen(read("a", "b", "c"), read("b", "c", "d")).fresh)).toEqual(["d"]);
  });

  it("folds nothing after the first new message, and nothing of another history", () => {
    expect(texts(splitSeen(read("a", "b"), read("a", "x", "b")).fresh)).toEqual(["x", "b"]);
    expect(splitSeen(read("a"), read("z")).seen).toEqual([]);
  });

  it("takes a message with other tool calls for another one", () => {
    const call = (name: string) =>
      readMessages([{ role: "assistant", tool_calls: [{ name, arguments: "{}" }] }], "user");
    expect(splitSeen(call("a"), call("b")).fresh).toHaveLength(1);
  });
});

it("makes one conversation of each agent, with what happened between its calls", () => {
  const event = (id: string, kind: string, agent_id: string | null) => makeEvent({ id, kind, agent_id });
  const events = [
    event("t0", "tool", "a"),
    event("l1", "llm", "a"),
    event("t1", "tool", "a"),
    event("l2", "llm", "b"),
    event("e1", "error", "a"),
    event("l3", "llm", "a"),
    event("w", "workflow", "a"),
    event("l4", "llm", null),
  ];
  const shape = conversationsOf(events).map(({ agentId, turns }) => [
    agentId,
    turns.map(({ llm, then }) => [llm.id, ...then.map((one) => one.id)]),
  ]);
  expect(shape).toEqual([
    ["a", [["l1", "t1", "e1"], ["l3"]]],
    ["b", [["l2"]]],
    [null, [["l4"]]],
  ]);
});
