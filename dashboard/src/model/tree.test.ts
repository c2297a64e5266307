import { describe, expect, it } from "vitest";
import { ancestorIds, buildTree, flattenTree } from "./tree";
import { makeEvent } from "./samples";

const event = (id: string, parent_id: string | null = null, fields = {}) => makeEvent({ id, parent_id, ...fields });
const shape = (rows: ReturnType<typeof flattenTree>) => rows.map((row) => `${"-".repeat(row.depth)}${row.event.id}`);
const NONE = new Set<string>();

describe("flattenTree", () => {
  it("puts every event under its parent and keeps the order of siblings", () => {
    const tree = buildTree([event("a"), event("b", "a"), event("c"), event("d", "a"), event("e", "b")]);
    expect(shape(flattenTree(tree, NONE))).toEqual(["a", "-b", "--e", "-d", "c"]);
  });

  it("puts an error under the event that triggered it, unless it has a parent", () => {
    const failed = event("x", null, { kind: "error", trigger_event_id: "b" });
    const nested = event("y", "a", { kind: "error", trigger_event_id: "b" });
    expect(shape(flattenTree(buildTree([event("a"), event("b"), failed, nested]), NONE))).toEqual([
      "a",
      "-y",
      "b",
      "-x",
    ]);
  });

  it("hides what lies under a collapsed event and says how much", () => {
    const rows = flattenTree(
      buildTree([event("a"), event("b", "a"), event("c", "b"), event("d")]),
      new Set(["a", "d"]),
    );
    expect(shape(rows)).toEqual(["a", "d"]);
    expect(rows.map((row) => [row.childCount, row.isCollapsed])).toEqual([
      [1, true],
      [0, false],
    ]);
  });

  it("shows an event whose parent is not there", () => {
    expect(shape(flattenTree(buildTree([event("a", "gone"), event("b", "a")]), NONE))).toEqual(["a", "-b"]);
  });

  it("shows every event of a circle once", () => {
    const rows = flattenTree(buildTree([event("a", "b"), event("b", "a"), event("c", "c"), event("d", "b")]), NONE);
    expect(rows.map((row) => row.event.id).sort()).toEqual(["a", "b", "c", "d"]);
  });

  it("takes a child that came before its parent", () => {
    expect(shape(flattenTree(buildTree([event("b", "a"), event("a")]), NONE))).toEqual(["a", "-b"]);
  });

  it("survives a chain of 50,000", () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => event(`${index}`, index === 0 ? null : `${index - 1}`));
    expect(flattenTree(buildTree(chain), NONE).at(-1)?.depth).toBe(49_999);
  });
});

describe("ancestorIds", () => {
  it("lists what lies above, nearest first", () => {
    expect(ancestorIds(buildTree([event("a"), event("b", "a"), event("c", "b")]), "c")).toEqual(["b", "a"]);
  });

  it("ends in a circle and for an unknown event", () => {
    const circle = buildTree([event("a", "b"), event("b", "a")]);
    expect([...ancestorIds(circle, "a"), ...ancestorIds(circle, "b")]).toHaveLength(1);
    expect(ancestorIds(buildTree([]), "a")).toEqual([]);
  });
});

it("shows only what is wanted, and counts only that", () => {
  const tree = buildTree([event("a"), event("b", "a"), event("c", "a"), event("d")]);
  const rows = flattenTree(tree, NONE, new Set(["a", "c"]));
  expect(shape(rows)).toEqual(["a", "-c"]);
  expect(rows[0]?.childCount).toBe(1);
});
