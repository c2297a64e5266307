import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ApiError, asApiError, isAbort } from "../api/client";
import { readEvent } from "../api/session_feed";
import type { EventContent } from "../api/types";
import { useHighlight } from "../parts/highlight";
import { Failure, Notice } from "../parts/notice";
import { EventContentView } from "./event_content";
import { EventFacts } from "./event_facts";
import type { Scope } from "./scope";

// Holding j down passes many events; only the one the reader stops at is asked for.
const REST_MS = 60;

interface Panel {
  scope: Scope;
  eventId: string;
}

/** One event whole, beside the view; on a small screen, over it. */
export function EventPanel({ scope, eventId }: Panel) {
  const { session, events, areLoaded, choose, place } = scope;
  const panel = useRef<HTMLElement>(null);
  // As the waterfall knows it; null while it loads, or when the session has no such event.
  const row = useMemo(() => events.find((event) => event.id === eventId) ?? null, [events, eventId]);
  const { content, error, retry } = useEvent(session.session_id, eventId, row?.end_timestamp ?? null);
  useHighlight(panel, place.filter.text, eventId);
  const isMissing = row === null && (areLoaded || error?.status === 404);
  return (
    <aside class="side sheet" ref={panel} aria-label="Event" data-testid="event-panel">
      <button
        type="button"
        class="btn close"
        aria-label="Close the event"
        title="Close (Esc)"
        onClick={() => choose(null)}
      >
        ×
      </button>
      {row !== null && <EventFacts scope={scope} row={row} content={content} />}
      {isMissing ? (
        <Notice title="This event is not here">
          <p>The session has no event with this id.</p>
        </Notice>
      ) : error !== null ? (
        <Failure error={error} retry={retry} />
      ) : (
        content !== null && row !== null && <EventContentView scope={scope} content={content} row={row} />
      )}
    </aside>
  );
}

interface Reading {
  content: EventContent | null;
  error: ApiError | null;
  retry: () => void;
}

/** Reads the event, and again when it ended. */
function useEvent(sessionId: string, eventId: string, endTimestamp: string | null): Reading {
  const [content, setContent] = useState<EventContent | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const read = async () => {
      try {
        setContent(await readEvent(sessionId, eventId, abort.signal));
        setError(null);
      } catch (reason) {
        if (!isAbort(reason)) setError(asApiError(reason));
      }
    };
    const timer = window.setTimeout(() => void read(), REST_MS);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [sessionId, eventId, endTimestamp, attempt]);
  return { content, error, retry: () => setAttempt(attempt + 1) };
}
