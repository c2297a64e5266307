import { expect, it } from "vitest";
import { findWords } from "./marks";

it.each([
  ["The heron stands. Heron!", "heron", ["heron", "Heron"]],
  ["the heron stands", "stands  heron", ["heron", "stands"]],
  ["in 東京", "東京", ["東京"]],
  ["nothing", "heron", []],
  ["heron", "  ", []],
  ["İİ heron", "heron", []],
])("in %j it finds %j", (text, search, expected) => {
  expect(findWords(text, search).map(([start, end]) => text.slice(start, end))).toEqual(expected);
});
