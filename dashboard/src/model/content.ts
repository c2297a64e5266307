/** Which parts of an event's content are shown, under which title. */

import type { EventContent, Json } from "../api/types";

export interface Section {
  title: string;
  value: Json;
  isBad: boolean;
}

// What the head, the chat and the waterfall show already.
const SHOWN_ELSEWHERE = new Set(
  (
    "id session_id project_id kind event_type name tool_name init_timestamp end_timestamp timestamp duration_ms agent_id parent_id " +
    "trigger_event_id trigger_event_type model price_version prompt_tokens completion_tokens total_tokens cost error_type code participant_id sequence"
  ).split(" "),
);
const TITLES: Record<string, string> = {
  details: "Details",
  params: "In",
  returns: "Out",
  logs: "Logs",
  action_type: "Type of action",
  screenshot: "Screenshot",
  thread_id: "Thread",
};
const FIRST = ["details", "params", "returns", "logs"];

/** Sections in reading order: details, in, out, logs, then every other key that carries something. */
export function sectionsOf(kind: string, content: EventContent): Section[] {
  const isChat = kind === "llm";
  const keys = Object.keys(content).filter((key) => {
    if (SHOWN_ELSEWHERE.has(key) || isEmpty(content[key])) return false;
    return !(isChat && (key === "prompt" || key === "completion"));
  });
  return keys
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map((key) => ({
      title: titleOf(key),
      value: content[key] ?? null,
      isBad: kind === "error" && key === "details",
    }));
}

/** How often the client sent the call again, because the provider was busy, as the SDK tells it; 0 where it tells nothing. */
export function retriesOf(content: EventContent): number {
  const told = content.attributes;
  if (typeof told !== "object" || told === null || Array.isArray(told)) return 0;
  return Number(told["agentops.retries"]) || 0;
}

function rankOf(key: string): number {
  const rank = FIRST.indexOf(key);
  return rank === -1 ? FIRST.length : rank;
}

function titleOf(key: string): string {
  return TITLES[key] ?? key.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
