import { expect, it } from "vitest";
import { findCommands } from "./palette";

const COMMANDS = [
  { label: "Sessions", hint: "page", href: "/" },
  { label: "Failed sessions", hint: "list", href: "/?end_state=Failure" },
  { label: "Settings", hint: "page", href: "/settings" },
];
const labels = (typed: string) => findCommands(COMMANDS, typed).map((one) => one.label);

it("offers everything at first, then what has all words, what begins with them on top", () => {
  expect(labels("")).toEqual(["Sessions", "Failed sessions", "Settings"]);
  expect(labels("sess")).toEqual(["Sessions", "Failed sessions", "Search for “sess”"]);
  expect(labels("page set")).toEqual(["Settings", "Search for “page set”"]);
});

it("opens a session by its id", () => {
  const id = "01939c6e-0000-7000-8000-000000000001";
  expect(findCommands(COMMANDS, `http://host/sessions/${id}`)[0]).toMatchObject({ href: `/sessions/${id}` });
});

it("searches for anything else", () => {
  expect(findCommands(COMMANDS, "rate limit").at(-1)?.href).toBe("/?q=rate+limit");
});
