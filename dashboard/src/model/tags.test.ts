import { expect, it } from "vitest";
import { fitTags } from "./tags";

it.each([
  [["production", "blue"], 200, 2],
  [["production", "canary-7", "gpt-4o"], 190, 2],
  [["production", "canary-7", "gpt-4o"], 100, 1],
  [["a-tag-that-is-far-longer-than-its-cell"], 60, 1],
  [["one", "two"], 20, 1],
  [[], 100, 0],
])("of %j in %d px, %d show", (tags, widthPx, expected) => {
  expect(fitTags(tags, widthPx)).toBe(expected);
});
