/** The shapes of the read side: the server's (`shapes.ts`, written from its views), narrower where the page knows more of a text. */

import type * as shapes from "./shapes";

export type EndState = "Success" | "Failure" | "Indeterminate";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export interface EventCounts {
  llms: number;
  tools: number;
  actions: number;
  errors: number;
}

/**
 * The figures of a session. `cost` is a decimal string in US dollars; `unpriced_llms` are the LLM calls without a cost,
 * `uncounted_llms` those of which a token count is missing; times are ISO 8601 in UTC, up to nine digits of a second.
 */
export type Stats = Omit<shapes.StatsView, "end_state" | "event_counts"> & {
  end_state: EndState;
  event_counts: EventCounts;
};

export type Agent = shapes.AgentView;

/** `host_env` and `agents` are null in a list. */
export type Session = Omit<shapes.SessionView, "end_state" | "stats"> & { end_state: EndState; stats: Stats };

export type SessionPage = Omit<shapes.SessionsView, "sessions"> & { sessions: Session[] };

/** `kind` is llm, tool, action, error, or what the sender called it. */
export type EventRow = shapes.EventSummaryView;

export type EventPage = shapes.EventsView;

/** One event whole: the export's row of its type. Which keys there are depends on the type, so it is read by key. */
export type EventContent = JsonObject;

export type Project = shapes.ProjectView;

export type Me = shapes.SignedInView;

export type ErrorBody = shapes.ErrorView;
