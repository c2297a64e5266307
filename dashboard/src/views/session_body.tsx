import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import { type Place, type Tab, placeHref } from "../model/place";
import { formatCount } from "../model/story";
import { Guard } from "../parts/guard";
import { useMedia } from "../parts/view_state";
import { CallGraphView } from "./call_graph";
import { ConversationView } from "./conversation";
import { CostView } from "./cost";
import { Environment } from "./environment";
import { ErrorsView } from "./errors";
import { EventPanel } from "./event_panel";
import { LogsView } from "./logs";
import { MediaView } from "./media";
import { RawView } from "./raw";
import type { Scope } from "./scope";
import { SessionOverview } from "./session_overview";
import { Waterfall } from "./waterfall";

interface Body {
  id: string;
  /** Null until the session is known; the frame stands before. */
  scope: Scope | null;
  place: Place;
}

/** The views of a session, and beside them the event that is chosen. */
export function SessionBody({ id, scope, place }: Body) {
  const isNarrow = useMedia("(max-width: 900px)");
  return (
    <section class={place.tab === "waterfall" || place.eventId !== null ? "body" : "body whole-width"}>
      <div class="fall">
        <Tabs id={id} place={place} scope={scope} />
        {scope !== null && (
          <Guard key={place.tab} as="div">
            <View scope={scope} />
          </Guard>
        )}
      </div>
      {scope !== null && place.eventId !== null ? (
        <EventPanel key={place.eventId} scope={scope} eventId={place.eventId} />
      ) : (
        !isNarrow &&
        place.tab === "waterfall" && (
          <aside class="side" aria-label="Overview">
            {scope !== null && <SessionOverview session={scope.session} />}
          </aside>
        )
      )}
    </section>
  );
}

function View({ scope }: { scope: Scope }) {
  switch (scope.place.tab) {
    case "chat":
      return <ConversationView scope={scope} />;
    case "graph":
      return <CallGraphView scope={scope} />;
    case "errors":
      return <ErrorsView scope={scope} />;
    case "cost":
      return <CostView scope={scope} />;
    case "logs":
      return <LogsView scope={scope} />;
    case "media":
      return <MediaView scope={scope} />;
    case "environment":
      return <Environment scope={scope} />;
    case "raw":
      return <RawView scope={scope} />;
    case "waterfall":
      return <Waterfall scope={scope} />;
  }
}

const LABELS: Record<Tab, string> = {
  waterfall: "Waterfall",
  chat: "Chat",
  graph: "Graph",
  errors: "Errors",
  cost: "Cost",
  logs: "Logs",
  media: "Media",
  environment: "Environment",
  raw: "Raw",
};

function Tabs({ id, place, scope }: Body) {
  const errors = scope?.session.stats.errors ?? 0;
  const strip = useRef<HTMLElement>(null);
  // The names of the views need the room then; how many events there are is heard, and the figures above have it too.
  const isTight = useMedia("(max-width: 1400px)");
  // On a small screen the strip scrolls sideways: the view that is open has its name in sight.
  useEffect(() => {
    const [bar, link] = [strip.current, strip.current?.querySelector<HTMLElement>(".on")];
    if (bar !== null && link != null) bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.clientWidth) / 2;
  }, [place.tab]);
  const tab = (name: Tab, extra: ComponentChildren = null) => (
    <Link
      key={name}
      href={placeHref(id, { ...place, tab: name })}
      class={place.tab === name ? "on" : ""}
      aria-current={place.tab === name ? "page" : undefined}
    >
      {LABELS[name]}
      {extra}
    </Link>
  );
  return (
    <div class="strip">
      <nav class="tabs" ref={strip} aria-label="Views of the session">
        {tab("waterfall")}
        {tab("chat")}
        {tab("graph")}
        {tab("errors", errors > 0 && <span class="bad count"> {formatCount(errors)}</span>)}
        {tab("cost")}
        {tab("logs")}
        {tab("media")}
        {tab("environment")}
        {tab("raw")}
      </nav>
      <span class={isTight && !isLoading(scope) ? "unseen" : "dim loaded"} role="status" data-testid="event-count">
        {countText(scope)}
      </span>
    </div>
  );
}

function isLoading(scope: Scope | null): boolean {
  return scope !== null && !scope.areLoaded && scope.events.length < scope.session.stats.events;
}

function countText(scope: Scope | null): string {
  if (scope === null) return "";
  const total = scope.session.stats.events;
  const loaded = scope.events.length;
  if (isLoading(scope)) return `${formatCount(loaded)} of ${formatCount(total)} events loaded`;
  return loaded === 1 ? "1 event" : `${formatCount(loaded)} events`;
}
