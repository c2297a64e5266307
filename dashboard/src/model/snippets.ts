/** An event as something to run again: Python, a curl command, JSON. */

import type { EventContent, Json } from "../api/types";
import { isObject } from "./messages";

/** A JSON value as a Python literal, indented by four. */
export function pythonLiteral(value: Json, indent = 0): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return pythonString(value);
  const inner = " ".repeat(indent + 4);
  const outer = " ".repeat(indent);
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${pythonLiteral(item, indent + 4)},`)
    : Object.entries(value).map(([key, item]) => `${inner}${pythonString(key)}: ${pythonLiteral(item, indent + 4)},`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join("\n")}\n${outer}${close}`;
}

/** The call as a Python program would make it again. */
export function pythonOf(kind: string, name: string, content: EventContent): string {
  if (kind === "llm") {
    return `from openai import OpenAI

client = OpenAI()
completion = client.chat.completions.create(
    model=${pythonLiteral(content.model ?? "")},
    messages=${pythonLiteral(chatOf(content.prompt), 4)},
)
print(completion.choices[0].message)
`;
  }
  const params = content.params ?? null;
  if (!isObject(params)) return `${identifier(name)}(${params === null ? "" : pythonLiteral(params)})\n`;
  const names = Object.keys(params);
  if (names.length === 0) return `${identifier(name)}()\n`;
  if (!names.every((one) => /^[A-Za-z_]\w*$/.test(one))) return `${identifier(name)}(**${pythonLiteral(params)})\n`;
  const lines = Object.entries(params).map(([key, value]) => `    ${key}=${pythonLiteral(value, 4)},`);
  return `${identifier(name)}(\n${lines.join("\n")}\n)\n`;
}

/** The LLM call again, at whatever endpoint speaks the same protocol; anything else as this server gives it. */
export function curlOf(kind: string, content: EventContent, url: string): string {
  if (kind !== "llm") return `curl -H "X-Agentops-Api-Key: $AGENTOPS_API_KEY" ${shellQuote(url)}\n`;
  const body = JSON.stringify({ model: content.model ?? "", messages: chatOf(content.prompt) }, null, 2);
  return `curl "\${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions" \\
  -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" \\
  -d ${shellQuote(body)}
`;
}

function chatOf(prompt: Json | undefined): Json {
  if (prompt === undefined || prompt === null) return [];
  if (typeof prompt === "string") return [{ role: "user", content: prompt }];
  if (isObject(prompt)) return Array.isArray(prompt.messages) ? prompt.messages : [prompt];
  return prompt;
}

function pythonString(text: string): string {
  // JSON's escapes are Python's too, but for the slash, which JSON.stringify leaves alone.
  return JSON.stringify(text);
}

function identifier(name: string): string {
  const clean = name.trim().replace(/\W+/g, "_");
  return /^[A-Za-z_]/.test(clean) ? clean : `call_${clean}`;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
