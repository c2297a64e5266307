import { describe, expect, it } from "vitest";
import { curlOf, pythonLiteral, pythonOf } from "./snippets";

it("writes JSON as Python", () => {
  expect(pythonLiteral({ a: [true, null, 1.5], "b c": {}, t: 'say "hi"\n' })).toBe(
    '{\n    "a": [\n        True,\n        None,\n        1.5,\n    ],\n    "b c": {},\n    "t": "say \\"hi\\"\\n",\n}',
  );
});

describe("pythonOf", () => {
  it("calls a tool with its arguments", () => {
    expect(pythonOf("tool", "verify order", { params: { order: "A-1", amount: 2 } })).toBe(
      'verify_order(\n    order="A-1",\n    amount=2,\n)\n',
    );
  });

  it("passes arguments that are no names as a dict, and none as nothing", () => {
    expect(pythonOf("tool", "f", { params: { "a-b": 1 } })).toBe('f(**{\n    "a-b": 1,\n})\n');
    expect(pythonOf("action", "2nd", {})).toBe("call_2nd()\n");
  });

  it("asks the model again", () => {
    const text = pythonOf("llm", "", { model: "gpt-4o", prompt: "hi" });
    expect(text).toContain('model="gpt-4o"');
    expect(text).toContain('"content": "hi"');
  });
});

describe("curlOf", () => {
  it("sends the messages, quoted for a shell", () => {
    const text = curlOf("llm", { model: "m", prompt: [{ role: "user", content: "it's" }] }, "");
    expect(text).toContain(`it'\\''s`);
    expect(text).toContain("/chat/completions");
  });

  it("reads anything else from the server", () => {
    expect(curlOf("tool", {}, "http://h/v2/x")).toContain("'http://h/v2/x'");
  });
});
