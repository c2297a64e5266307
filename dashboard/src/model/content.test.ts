import { expect, it } from "vitest";
import { retriesOf, sectionsOf } from "./content";

const titles = (kind: string, content: Parameters<typeof sectionsOf>[1]) =>
  sectionsOf(kind, content).map((one) => one.title);

it("shows what went in before what came out, and then the rest", () => {
  const content = { id: "e", custom_key: 1, logs: "l", returns: { a: 1 }, params: { q: "x" }, action_type: "step" };
  expect(titles("action", content)).toEqual(["In", "Out", "Logs", "Custom key", "Type of action"]);
});

it("leaves out what carries nothing", () => {
  expect(titles("tool", { params: {}, returns: null, logs: "", list: [] })).toEqual([]);
});

it("keeps a false and a zero, which are answers", () => {
  expect(titles("tool", { params: 0, returns: false })).toEqual(["In", "Out"]);
});

it("leaves prompt and completion of an LLM call to the chat", () => {
  expect(titles("llm", { prompt: "a", completion: "b", params: { temperature: 0 } })).toEqual(["In"]);
  expect(titles("chain", { prompt: "a" })).toEqual(["Prompt"]);
});

it("marks an error's details", () => {
  expect(sectionsOf("error", { details: "boom" })).toEqual([{ title: "Details", value: "boom", isBad: true }]);
});

it.each([
  [{ attributes: { "agentops.retries": "2" } }, 2],
  [{ attributes: { "agentops.retries": "often" } }, 0],
  [{ attributes: {} }, 0],
  [{}, 0],
  [{ attributes: null }, 0],
])("tells how often a call was sent again: %j", (content, wanted) => {
  expect(retriesOf(content)).toBe(wanted);
});
