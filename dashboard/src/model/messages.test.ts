import { describe, expect, it } from "vitest";
import { readMessages } from "./messages";

const plain = (role: string, text: string) => ({ role, text, toolCalls: [], others: [] });

describe("readMessages", () => {
  it("takes text as one message of the given role", () => {
    expect(readMessages("hello", "user")).toEqual([plain("user", "hello")]);
  });

  it("takes nothing as no message", () => {
    for (const value of [null, undefined, "", []]) expect(readMessages(value, "user")).toEqual([]);
  });

  it("reads a list of messages, in order", () => {
    const prompt = [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Hi" },
          { type: "text", text: "there" },
        ],
      },
      { role: "tool", name: "lookup", content: "found" },
    ];
    expect(readMessages(prompt, "user")).toEqual([
      plain("system", "Be brief."),
      plain("user", "Hi\nthere"),
      plain("tool · lookup", "found"),
    ]);
  });

  it("reads messages under their own key", () => {
    expect(readMessages({ messages: [{ role: "user", content: "Hi" }] }, "user")).toEqual([plain("user", "Hi")]);
  });

  it("reads tool calls with arguments as JSON inside a string", () => {
    const completion = {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "verify", arguments: '{"order": "A-1"}' } }],
    };
    expect(readMessages(completion, "assistant")[0]?.toolCalls).toEqual([
      { name: "verify", arguments: { order: "A-1" } },
    ]);
  });

  it("reads tool calls that are parts of the content, and arguments that are not JSON", () => {
    const content = [
      { type: "tool_use", name: "search", input: { q: "x" } },
      { type: "tool_call", name: "note", arguments: "not json" },
    ];
    expect(readMessages({ role: "assistant", content }, "assistant")[0]?.toolCalls).toEqual([
      { name: "search", arguments: { q: "x" } },
      { name: "note", arguments: "not json" },
    ]);
  });

  it("keeps what it does not know", () => {
    const image = { type: "image_url", image_url: { url: "https://example.test/a.png" } };
    expect(readMessages([{ role: "user", content: [image] }], "user")[0]?.others).toEqual([image]);
    expect(readMessages({ anything: 1 }, "assistant")[0]?.others).toEqual([{ anything: 1 }]);
    expect(readMessages(42, "assistant")).toEqual([plain("assistant", "42")]);
  });
});
