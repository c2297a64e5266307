import type { EventContents } from "../api/event_contents";
import type { WordHits } from "../api/session_words";
import type { EventRow, Session } from "../api/types";
import type { Axis } from "../model/axis";
import type { Place } from "../model/place";
import type { EventTree } from "../model/tree";
import type { Replay } from "../parts/replay";

/** What every view of one session works on. */
export interface Scope {
  session: Session;
  events: readonly EventRow[];
  areLoaded: boolean;
  axis: Axis;
  tree: EventTree;
  place: Place;
  /** The events that have the words of the filter in what they carry. */
  words: WordHits;
  contents: EventContents;
  replay: Replay;
  /** Changes where the reader is; the URL follows. */
  go: (change: Partial<Place>) => void;
  choose: (eventId: string | null) => void;
}

export function agentName({ session }: Pick<Scope, "session">, agentId: string | null): string | null {
  return session.agents?.find((agent) => agent.id === agentId)?.name ?? null;
}
