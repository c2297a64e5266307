import { describe, expect, it } from "vitest";
import { diffLines, foldSame } from "./text_diff";

const show = (left: string, right: string) =>
  diffLines(left, right).map((line) =>
    line.left === line.right ? line.left : `${line.left ?? ""}|${line.right ?? ""}`,
  );

describe("diffLines", () => {
  it.each([
    ["a\nb\nc", "a\nb\nc", ["a", "b", "c"]],
    ["a\nb\nc", "a\nx\nc", ["a", "b|x", "c"]],
    ["a\nb\nc", "a\nc", ["a", "b|", "c"]],
    ["a\nc", "a\nb\nc", ["a", "|b", "c"]],
    ["a\nb\nc\nd", "b\nc\nx\nd", ["a|", "b", "c", "|x", "d"]],
    ["", "a", ["|a"]],
  ])("puts %j beside %j", (left, right, lines) => {
    expect(show(left, right)).toEqual(lines);
  });

  it("pairs very long texts line by line", () => {
    const long = (mark: string) => Array.from({ length: 700 }, (_, index) => `${mark}${index}`).join("\n");
    expect(diffLines(long("a"), long("b"))).toHaveLength(700);
  });
});

describe("foldSame", () => {
  it("leaves out what is far from any difference", () => {
    const lines = diffLines("1\n2\n3\n4\n5\n6\n7\n8", "1\n2\n3\n4\n5\n6\n7\nx");
    expect(foldSame(lines, 1)).toEqual([6, { left: "7", right: "7" }, { left: "8", right: "x" }]);
    expect(foldSame(diffLines("a\nb", "a\nb"))).toEqual([2]);
  });
});
