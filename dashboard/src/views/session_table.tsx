import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import { MOST_AT_ONCE } from "../api/bulk";
import { type SessionFilter, type Sort, listHref, sortedBy } from "../model/filter";
import type { LoadedSessions } from "../model/pages";
import { useKeys } from "../parts/keys";
import { followLink } from "../parts/links";
import { useMedia } from "../parts/view_state";
import { useVirtualRows } from "../parts/virtual_rows";
import { SessionRow } from "./session_row";

const HEAD_PX = 30;
const ROW_PX = 38;
const NARROW_ROW_PX = 60;
const LOAD_AHEAD_ROWS = 30;

// Kept while a session is open, so that Esc leads back to its row.
const currentId = signal<string | null>(null);

interface Table {
  loaded: LoadedSessions;
  filter: SessionFilter;
  loadMore: () => void;
  chosen: ReadonlySet<string>;
  setChosen: (chosen: ReadonlySet<string>) => void;
}

export function SessionTable({ loaded: { sessions, nextCursor }, filter, loadMore, chosen, setChosen }: Table) {
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia("(max-width: 720px)");
  const found = sessions.findIndex((session) => session.session_id === currentId.value);
  const current = found === -1 ? null : found;
  const headPx = isNarrow ? 0 : HEAD_PX;
  const rows = useVirtualRows({
    count: sessions.length,
    rowPx: isNarrow ? NARROW_ROW_PX : ROW_PX,
    headPx,
    scroller,
    pinned: current,
  });

  const items = rows.getVirtualItems();
  const lastInView = rows.range.endIndex;
  useEffect(() => {
    if (nextCursor !== null && lastInView >= sessions.length - LOAD_AHEAD_ROWS) loadMore();
  }, [nextCursor, lastInView, sessions.length]);
  useLayoutEffect(() => {
    if (current !== null) rows.scrollToIndex(current, { align: "auto" });
  }, []);

  const choose = (index: number) => {
    const session = sessions[index];
    if (session === undefined) return;
    currentId.value = session.session_id;
    rows.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() => document.getElementById(linkId(session.session_id))?.focus({ preventScroll: true }));
  };
  const latest = useRef({ chosen, setChosen });
  latest.current = { chosen, setChosen };
  // One function for all rows and times, so that a row is drawn again only when it shows something else.
  const toggle = useCallback((sessionId: string) => {
    const next = new Set(latest.current.chosen);
    if (!next.delete(sessionId) && next.size < MOST_AT_ONCE) next.add(sessionId);
    latest.current.setChosen(next);
  }, []);
  const tagsPx = useTagsWidth(scroller);
  useKeys({
    x: () => current !== null && toggle(sessions[current]?.session_id ?? ""),
    j: () => choose(current === null ? 0 : Math.min(current + 1, sessions.length - 1)),
    k: () => choose(current === null ? 0 : Math.max(current - 1, 0)),
    Enter: () => current !== null && navigate(`/sessions/${sessions[current]?.session_id ?? ""}`),
  });

  const areAllChosen = chosen.size > 0 && chosen.size >= Math.min(sessions.length, MOST_AT_ONCE);
  // What does not change while rows come and go.
  const head = useMemo(() => {
    const all = () => new Set(sessions.slice(0, MOST_AT_ONCE).map((session) => session.session_id));
    const chooseAll = (isWanted: boolean) => latest.current.setChosen(isWanted ? all() : new Set());
    return <Head filter={filter} areAllChosen={areAllChosen} chooseAll={chooseAll} />;
  }, [filter, areAllChosen, sessions]);

  return (
    <div
      class="table"
      role="table"
      aria-label="Sessions"
      aria-rowcount={nextCursor === null ? sessions.length + 1 : -1}
      ref={scroller}
      onClick={followLink}
    >
      <div role="rowgroup" class="head-group">
        {head}
      </div>
      <div role="rowgroup" class="rows" style={{ height: `${rows.getTotalSize()}px` }}>
        {items.map((item) => {
          const session = sessions[item.index];
          return (
            session && (
              <SessionRow
                key={item.key}
                session={session}
                index={item.index}
                offsetPx={item.start - headPx}
                filter={filter}
                isCurrent={item.index === current}
                isChosen={chosen.has(session.session_id)}
                toggle={toggle}
                tagsPx={tagsPx}
                linkId={linkId(session.session_id)}
                onChoose={setCurrent}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function setCurrent(sessionId: string): void {
  currentId.value = sessionId;
}

function linkId(sessionId: string): string {
  return `session-${sessionId}`;
}

/** How wide the column of tags is now: the widths of tags are reckoned, never measured one by one. */
function useTagsWidth(scroller: RefObject<HTMLElement>): number {
  const [widthPx, setWidthPx] = useState(150);
  useEffect(() => {
    const head = scroller.current?.querySelector(".head .c-tags");
    if (head == null) return;
    const observer = new ResizeObserver(([entry]) => setWidthPx(entry?.contentRect.width ?? 0));
    observer.observe(head);
    return () => observer.disconnect();
  }, []);
  return widthPx;
}

interface HeadProps {
  filter: SessionFilter;
  areAllChosen: boolean;
  chooseAll: (all: boolean) => void;
}

const COLUMNS: { label: string; look: string; sort: Sort }[] = [
  { label: "Session", look: "", sort: "name" },
  { label: "Events", look: "c-mix", sort: "events" },
  { label: "LLM", look: "num c-count", sort: "llms" },
  { label: "Tools", look: "num c-count", sort: "tools" },
  { label: "Errors", look: "num c-errors", sort: "errors" },
  { label: "Tokens", look: "num c-tokens", sort: "tokens" },
  { label: "Cost", look: "num", sort: "cost" },
  { label: "Duration", look: "num c-duration", sort: "duration" },
  { label: "Agents", look: "c-agents", sort: "agents" },
  { label: "Tags", look: "c-tags", sort: "tags" },
  { label: "Host", look: "c-host", sort: "host" },
  { label: "Started", look: "num", sort: "started" },
];

function Head({ filter, areAllChosen, chooseAll }: HeadProps) {
  return (
    <div role="row" class="row head" aria-rowindex={1}>
      <span role="columnheader" class="c-state" aria-sort={sortOf(filter, "state")}>
        <input
          type="checkbox"
          aria-label="Choose all sessions that are loaded"
          checked={areAllChosen}
          onChange={(event) => chooseAll(event.currentTarget.checked)}
        />
        <SortLink filter={filter} label="State" sort="state" />
      </span>
      {COLUMNS.map(({ label, look, sort }) => (
        <span key={label} role="columnheader" class={look} aria-sort={sortOf(filter, sort)}>
          <SortLink filter={filter} label={label} sort={sort} />
        </span>
      ))}
    </div>
  );
}

function SortLink({ filter, label, sort }: { filter: SessionFilter; label: string; sort: Sort }) {
  return (
    <Link href={listHref(sortedBy(filter, sort))} title={`Sort by ${label.toLowerCase()}`}>
      {filter.sort === sort && <span aria-hidden="true">{filter.isAscending ? "↑ " : "↓ "}</span>}
      {label}
    </Link>
  );
}

function sortOf({ sort, isAscending }: SessionFilter, column: Sort) {
  if (sort !== column) return undefined;
  return isAscending ? "ascending" : "descending";
}
