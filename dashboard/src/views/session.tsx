import { useEffect, useMemo, useRef } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import type { ApiError } from "../api/client";
import { openContents } from "../api/event_contents";
import { lastListHref, neighbourOf } from "../api/session_list";
import { type SessionFeed, followSession } from "../api/session_feed";
import { type WordHits, hitsOf, openWords } from "../api/session_words";
import type { Session } from "../api/types";
import { axisOf } from "../model/axis";
import { type Place, placeHref, readPlace } from "../model/place";
import { stateOf } from "../model/state";
import { nameOf } from "../model/story";
import { buildTree } from "../model/tree";
import { useKeys } from "../parts/keys";
import { Failure, Notice, Stale } from "../parts/notice";
import { type Replay, makeReplay } from "../parts/replay";
import { useFeed, useTitle } from "../parts/view_state";
import type { Scope } from "./scope";
import { Scrubber } from "./scrubber";
import { SessionBody } from "./session_body";
import { SessionFacts } from "./session_facts";
import { SessionHeader } from "./session_header";

export function SessionView({ id }: { id: string }) {
  const feed = useFeed(() => followSession(id), id);
  const contents = useFeed(() => openContents(id), id);
  const place = readPlace(useSearch());
  const session = feed.session.value;
  const words = useWords(id, place.filter.text, session);
  const error = feed.error.value;
  const { go, choose } = useMoves(id);
  const { axis, tree } = useLayout(feed);
  const replay = useReplay(place.atMs, () => axis?.spanMs ?? 0, go);
  useTitle(session === null ? "Session" : `${stateOf(session)} · ${nameOf(session)}`);
  useKeys({
    Escape: () => (place.eventId === null ? navigate(lastListHref()) : choose(null)),
    " ": replay.toggle,
    "[": () => leadTo(neighbourOf(id, -1)),
    "]": () => leadTo(neighbourOf(id, 1)),
    "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
  });
  if (session === null && error !== null) {
    return <main>{isGone(error) ? <Gone id={id} /> : <Failure isAlone error={error} retry={feed.retry} />}</main>;
  }
  const events = feed.events.value;
  const areLoaded = feed.areEventsLoaded.value;
  const scope: Scope | null =
    session === null || axis === null
      ? null
      : { session, events, areLoaded, axis, tree, place, words, contents, replay, go, choose };
  return (
    <main class="session">
      <SessionHeader id={id} session={session} events={events} areLoaded={areLoaded} />
      <SessionFacts session={session} events={events} areLoaded={areLoaded} />
      {scope === null ? <section class="scrub" aria-hidden="true" /> : <Scrubber scope={scope} />}
      <Stale error={error} />
      <SessionBody id={id} scope={scope} place={place} />
    </main>
  );
}

function useLayout(feed: SessionFeed) {
  const session = feed.session.value;
  const events = feed.events.value;
  const axis = useMemo(() => (session === null ? null : axisOf(session, events)), [session, events]);
  const tree = useMemo(() => buildTree(events), [events]);
  return { axis, tree };
}

/** Looks for the words again when they or the session change. */
function useWords(id: string, text: string, session: Session | null): WordHits {
  const search = useFeed(() => openWords(id), id);
  const version = session === null ? "" : `${session.stats.events} ${session.stats.last_activity}`;
  useEffect(() => search.look(text, version), [search, text, version]);
  return hitsOf(search.hits.value, text);
}

/** The same functions as long as the page shows the session, so that a row of thousands is drawn once. */
function useMoves(id: string): Pick<Scope, "go" | "choose"> {
  return useMemo(() => {
    const go = (change: Partial<Place>) =>
      moveTo(id, { ...readPlace(location.search), ...change }, change.tab === undefined);
    return { go, choose: (eventId) => chooseEvent(go, eventId) };
  }, [id]);
}

/** One replay as long as the page shows the session; the URL has the moment at which it rests. */
function useReplay(atMs: number | null, spanMs: () => number, go: (change: Partial<Place>) => void): Replay {
  const latest = useRef({ spanMs, go });
  latest.current = { spanMs, go };
  const replay = useMemo(
    () =>
      makeReplay(
        atMs,
        () => latest.current.spanMs(),
        (ms) => latest.current.go({ atMs: ms }),
      ),
    [],
  );
  useEffect(() => replay.stop, [replay]);
  return replay;
}

/** A URL that no session can have is answered like one that no session has. */
function isGone(error: ApiError): boolean {
  return error.status === 404 || error.status === 422;
}

function Gone({ id }: { id: string }) {
  return (
    <Notice isAlone title="This session is not here">
      <p>It was deleted, never arrived, or belongs to another project than the one you are signed in to.</p>
      <p class="mono dim">{id}</p>
      <Link href="/" class="btn">
        To the sessions
      </Link>
    </Notice>
  );
}

function moveTo(id: string, place: Place, isSameView: boolean): void {
  navigate(placeHref(id, place), { replace: isSameView });
}

function leadTo(sessionId: string | null): void {
  if (sessionId !== null) navigate(`/sessions/${sessionId}`);
}

/** Opens an event beside the view, or closes the one that is open. */
function chooseEvent(go: (change: Partial<Place>) => void, eventId: string | null): void {
  go({ eventId });
  // The panel takes its close button with it; the keyboard goes on in the tree.
  if (eventId === null) document.querySelector<HTMLElement>("[role=tree]")?.focus({ preventScroll: true });
}
