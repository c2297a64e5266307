/** The prompt and completion of an LLM call as chat messages, whatever shape they were recorded in. */

import type { Json, JsonObject } from "../api/types";

export interface ToolCall {
  name: string;
  arguments: Json;
}

export interface Message {
  role: string;
  text: string;
  toolCalls: ToolCall[];
  /** What is neither text nor a tool call: images, audio, documents. */
  others: Json[];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a prompt or completion: text, one message, a list of messages, or `{messages: […]}`. Nothing gives no message. */
export function readMessages(value: Json | undefined, role: string): Message[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.flatMap((item) => readMessages(item, role));
  if (!isObject(value))
    return [{ role, text: typeof value === "string" ? value : JSON.stringify(value), toolCalls: [], others: [] }];
  if (Array.isArray(value.messages)) return readMessages(value.messages, role);
  return [readMessage(value, role)];
}

function readMessage(value: JsonObject, role: string): Message {
  const message: Message = { role: textOf(value.role) ?? role, text: "", toolCalls: [], others: [] };
  const name = textOf(value.name);
  if (message.role === "tool" && name !== undefined) message.role = `tool · ${name}`;
  const isMessage = ["role", "content", "tool_calls", "function_call", "parts"].some((key) => key in value);
  if (!isMessage) return { ...message, others: [value] };
  for (const part of partsOf(value.content ?? value.parts ?? null)) addPart(message, part);
  for (const call of partsOf(value.tool_calls ?? null)) message.toolCalls.push(readToolCall(call));
  if (isObject(value.function_call)) message.toolCalls.push(readToolCall(value.function_call));
  return message;
}

function addPart(message: Message, part: Json): void {
  const text = typeof part === "string" ? part : isObject(part) ? textOf(part.text ?? part.content) : undefined;
  if (isObject(part) && (part.type === "tool_use" || part.type === "tool_call")) {
    message.toolCalls.push(readToolCall(part));
  } else if (text === undefined) {
    message.others.push(part);
  } else {
    message.text += message.text === "" ? text : `\n${text}`;
  }
}

function readToolCall(call: Json): ToolCall {
  if (!isObject(call)) return { name: "tool", arguments: call };
  const inner = isObject(call.function) ? call.function : call;
  return {
    name: textOf(inner.name) ?? "tool",
    arguments: decodeJson(inner.arguments ?? inner.input ?? inner.args ?? null),
  };
}

function partsOf(value: Json): Json[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** JSON inside a string, as tool arguments usually come, becomes JSON; other text stays text. */
function decodeJson(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
