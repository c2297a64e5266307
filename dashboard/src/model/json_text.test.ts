import { describe, expect, it } from "vitest";
import { cutText, formatJson, tokenizeJson } from "./json_text";

describe("tokenizeJson", () => {
  const value = { "a:b": 'say "hi"', n: -1.5e-3, list: [true, null], nested: { x: "1" } };

  it("gives back the text it was given", () => {
    const text = formatJson(value);
    expect(
      tokenizeJson(text)
        .map((token) => token.text)
        .join(""),
    ).toBe(text);
  });

  it("tells keys, text and numbers apart", () => {
    const kinds = tokenizeJson(formatJson(value)).filter((token) => token.kind !== "plain");
    expect(kinds.map((token) => `${token.kind} ${token.text}`)).toEqual([
      'key "a:b"',
      'text "say \\"hi\\""',
      'key "n"',
      "number -0.0015",
      'key "list"',
      "number true",
      "number null",
      'key "nested"',
      'key "x"',
      'text "1"',
    ]);
  });
});

it("leaves text as it is", () => {
  expect(formatJson('a "b"\nc')).toBe('a "b"\nc');
});

describe("cutText", () => {
  it("keeps short text whole", () => {
    expect(cutText("abc", 3)).toEqual({ text: "abc", left: 0 });
  });

  it("says how much it left out", () => {
    expect(cutText("abcdef", 4)).toEqual({ text: "abcd", left: 2 });
  });

  it("does not cut a character in two", () => {
    expect(cutText("ab😀", 3)).toEqual({ text: "ab", left: 2 });
  });
});
