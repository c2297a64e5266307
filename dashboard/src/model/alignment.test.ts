import { describe, expect, it } from "vitest";
import { alignSteps, differencesOf } from "./alignment";
import { makeEvent } from "./samples";

const steps = (...names: string[]) =>
  names.map((name, index) => makeEvent({ id: `${name}${index}`, kind: "tool", name }));
const shape = (left: string[], right: string[]) =>
  alignSteps(steps(...left), steps(...right)).map((pair) => `${pair.left?.name ?? "-"}${pair.right?.name ?? "-"}`);

describe("alignSteps", () => {
  it.each([
    [
      ["a", "b", "c"],
      ["a", "b", "c"],
      ["aa", "bb", "cc"],
    ],
    [
      ["a", "b", "c"],
      ["a", "x", "c"],
      ["aa", "b-", "-x", "cc"],
    ],
    [
      ["a", "c"],
      ["a", "b", "b", "c"],
      ["aa", "-b", "-b", "cc"],
    ],
    [["a", "b"], [], ["a-", "b-"]],
    [[], ["a"], ["-a"]],
  ])("%j beside %j", (left, right, expected) => {
    expect(shape(left, right)).toEqual(expected);
  });

  it("tells a tool from an action of its name", () => {
    const [tool] = steps("a");
    const action = makeEvent({ id: "x", kind: "action", name: "a" });
    expect(tool && alignSteps([tool], [action])).toHaveLength(2);
  });
});

it("names what two events carry differently", () => {
  const left = { params: { a: 1 }, returns: null, id: "1" };
  expect(differencesOf(left, { params: { a: 2 }, id: "2" })).toEqual(["params"]);
  expect(differencesOf(left, left)).toEqual([]);
});
