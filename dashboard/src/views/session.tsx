import { useMemo } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import type { ApiError } from "../api/client";
import { lastListHref } from "../api/session_list";
import { type SessionFeed, followSession } from "../api/session_feed";
import { axisOf } from "../model/axis";
import { type Place, placeHref, readPlace } from "../model/place";
import { stateOf } from "../model/state";
import { formatCount, nameOf } from "../model/story";
import { useKeys } from "../parts/keys";
import { Failure, Notice, Stale } from "../parts/notice";
import { useFeed, useMedia, useTitle } from "../parts/view_state";
import { Environment } from "./environment";
import { EventPanel } from "./event_panel";
import { SessionFacts } from "./session_facts";
import { SessionHeader } from "./session_header";
import { SessionOverview } from "./session_overview";
import { Waterfall } from "./waterfall";

export function SessionView({ id }: { id: string }) {
  const feed = useFeed(() => followSession(id), id);
  const place = readPlace(useSearch());
  const session = feed.session.value;
  const error = feed.error.value;
  useTitle(session === null ? "Session" : `${stateOf(session)} · ${nameOf(session)}`);
  useKeys({
    Escape: () => (place.eventId === null ? navigate(lastListHref()) : choose(id, place, null)),
  });
  if (session === null && error !== null) {
    return <main>{isGone(error) ? <Gone id={id} /> : <Failure isAlone error={error} retry={feed.retry} />}</main>;
  }
  return (
    <main class="session">
      <SessionHeader id={id} session={session} events={feed.events.value} />
      <SessionFacts session={session} />
      <Stale error={error} />
      <Body id={id} feed={feed} place={place} />
    </main>
  );
}

function Body({ id, feed, place }: { id: string; feed: SessionFeed; place: Place }) {
  const session = feed.session.value;
  const events = feed.events.value;
  const axis = useMemo(() => (session === null ? null : axisOf(session, events)), [session, events]);
  const isNarrow = useMedia("(max-width: 900px)");
  const chosen = events.find((event) => event.id === place.eventId) ?? null;
  const chooseHere = (eventId: string | null) => choose(id, place, eventId);
  return (
    <section class="body">
      <div class="fall">
        <Tabs id={id} place={place} feed={feed} />
        {session !== null && place.tab === "environment" && <Environment session={session} />}
        {session !== null && axis !== null && place.tab === "waterfall" && (
          <Waterfall
            session={session}
            events={events}
            areLoaded={feed.areEventsLoaded.value}
            axis={axis}
            chosenId={place.eventId}
            choose={chooseHere}
          />
        )}
      </div>
      {session !== null && axis !== null && place.eventId !== null ? (
        <EventPanel
          key={place.eventId}
          session={session}
          eventId={place.eventId}
          row={chosen}
          events={events}
          areLoaded={feed.areEventsLoaded.value}
          axis={axis}
          choose={chooseHere}
        />
      ) : (
        !isNarrow && (
          <aside class="side" aria-label="Overview">
            {session !== null && <SessionOverview session={session} />}
          </aside>
        )
      )}
    </section>
  );
}

function Tabs({ id, place, feed }: { id: string; place: Place; feed: SessionFeed }) {
  const tab = (name: Place["tab"], label: string) => (
    <Link
      href={placeHref(id, { ...place, tab: name })}
      replace
      class={place.tab === name ? "on" : ""}
      aria-current={place.tab === name ? "page" : undefined}
    >
      {label}
    </Link>
  );
  return (
    <nav class="tabs" aria-label="Views of the session">
      {tab("waterfall", "Waterfall")}
      {tab("environment", "Environment")}
      <span class="spring" />
      <span class="dim" role="status" data-testid="event-count">
        {countText(feed)}
      </span>
    </nav>
  );
}

function countText(feed: SessionFeed): string {
  const total = feed.session.value?.stats.events;
  const loaded = feed.events.value.length;
  if (total === undefined) return "";
  if (!feed.areEventsLoaded.value && loaded < total)
    return `${formatCount(loaded)} of ${formatCount(total)} events loaded`;
  return loaded === 1 ? "1 event" : `${formatCount(loaded)} events`;
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

/** Opens an event beside the waterfall, or closes the one that is open. */
function choose(id: string, place: Place, eventId: string | null): void {
  navigate(placeHref(id, { ...place, eventId }), { replace: true });
  // The panel takes its close button with it; the keyboard goes on in the tree.
  if (eventId === null) document.querySelector<HTMLElement>("[role=tree]")?.focus({ preventScroll: true });
}
