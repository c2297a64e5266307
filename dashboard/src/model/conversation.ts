/** What is new in a call: agents send their whole history again and again, and nobody wants to read it again. */

import type { EventRow } from "../api/types";
import { type Message } from "./messages";

export interface NewMessages {
  /** What an earlier call already carried. */
  seen: Message[];
  fresh: Message[];
}

/** Splits the messages of a call: those from the beginning that the call before it sent or got, and the rest. */
export function splitSeen(before: readonly Message[], messages: readonly Message[]): NewMessages {
  const known = new Set(before.map(keyOf));
  const firstFresh = messages.findIndex((message) => !known.has(keyOf(message)));
  const count = firstFresh === -1 ? messages.length : firstFresh;
  return { seen: messages.slice(0, count), fresh: messages.slice(count) };
}

function keyOf({ role, text, toolCalls, others }: Message): string {
  return JSON.stringify([role, text, toolCalls, others]);
}

/** One call of an agent's conversation, and what happened until its next one. */
export interface Turn {
  llm: EventRow;
  /** Tool calls, errors and actions of the same agent before its next call. */
  then: readonly EventRow[];
}

export interface Conversation {
  /** Null for events that name no agent. */
  agentId: string | null;
  turns: readonly Turn[];
}

const FOLDED_IN = new Set(["tool", "error", "action"]);

/** The conversations of a session, one an agent, in the order of their first calls. */
export function conversationsOf(events: readonly EventRow[]): Conversation[] {
  const turns = new Map<string | null, { llm: EventRow; then: EventRow[] }[]>();
  for (const event of events) {
    const known = turns.get(event.agent_id);
    if (event.kind === "llm") {
      if (known === undefined) turns.set(event.agent_id, [{ llm: event, then: [] }]);
      else known.push({ llm: event, then: [] });
    } else if (FOLDED_IN.has(event.kind)) {
      known?.at(-1)?.then.push(event);
    }
  }
  return [...turns].map(([agentId, list]) => ({ agentId, turns: list }));
}
