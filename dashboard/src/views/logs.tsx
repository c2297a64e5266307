import { useEffect, useMemo, useRef } from "preact/hooks";
import type { EventRow } from "../api/types";
import { barOf } from "../model/axis";
import { formatDurationExact } from "../model/duration";
import { isNarrowed, matcherOf } from "../model/event_filter";
import { kindWord } from "../model/kind";
import { eventName } from "../model/story";
import { formatExact } from "../model/time";
import { useKeys } from "../parts/keys";
import { useVirtualRows } from "../parts/virtual_rows";
import { EventFilterBar } from "./event_filter_bar";
import { NoEvents } from "./no_events";
import { type Scope, agentName } from "./scope";

const ROW_PX = 22;

/** Every event as a line, in the order in which they began; the replay's moment marks the last one that had begun. */
export function LogsView({ scope }: { scope: Scope }) {
  const { events, place, axis, words, choose, replay } = scope;
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(
    () => (isNarrowed(place.filter) ? events.filter(matcherOf(place.filter, words.ids)) : events),
    [events, JSON.stringify(place.filter), words.ids],
  );
  const order = useMemo(() => lines.map((event) => event.id), [lines]);
  const hits = useMemo(() => new Set(order), [order]);
  const chosen = lines.findIndex((event) => event.id === place.eventId);
  const rows = useVirtualRows({
    count: lines.length,
    rowPx: ROW_PX,
    scroller,
    pinned: chosen === -1 ? null : chosen,
  });
  useEffect(() => {
    if (chosen !== -1) rows.scrollToIndex(chosen, { align: "auto" });
  }, [place.eventId, chosen === -1]);
  const step = (by: number) => {
    const next = lines[Math.min(Math.max(chosen + by, 0), lines.length - 1)];
    if (next === undefined) return;
    choose(next.id);
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  const atMs = replay.atMs.value;
  if (scope.areLoaded && events.length === 0) return <NoEvents session={scope.session} />;
  return (
    <>
      <EventFilterBar scope={scope} order={order} hits={hits} />
      <div class="logs" ref={scroller} tabIndex={0} role="region" aria-label="Log" data-testid="logs">
        <div class="rows" style={{ height: `${rows.getTotalSize()}px` }}>
          {rows.getVirtualItems().map((item) => {
            const event = lines[item.index];
            if (event === undefined) return null;
            const isLater = atMs !== null && barOf(event, axis).startMs > atMs;
            const look = `line ${event.kind}${item.index === chosen ? " chosen" : ""}${isLater ? " later" : ""}`;
            return (
              <div
                key={item.key}
                class={look}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={() => choose(event.id)}
              >
                <Line scope={scope} event={event} />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

function Line({ scope, event }: { scope: Scope; event: EventRow }) {
  const agent = agentName(scope, event.agent_id);
  return (
    <>
      <time dateTime={event.init_timestamp} title={formatExact(event.init_timestamp)}>
        {(barOf(event, scope.axis).startMs / 1_000).toFixed(3)}
      </time>
      <span class="kind">{kindWord(event.kind)}</span>
      <span class="text">
        {agent !== null && <span class="dim">{agent} · </span>}
        {eventName(event)}
        {event.details !== null && `: ${event.details}`}
        {event.duration_ms !== null && event.duration_ms > 0 && (
          <span class="dim"> {formatDurationExact(event.duration_ms)}</span>
        )}
      </span>
    </>
  );
}
