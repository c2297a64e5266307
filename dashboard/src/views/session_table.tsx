import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { navigate } from "wouter-preact/use-browser-location";
import type { SessionFilter } from "../model/filter";
import type { LoadedSessions } from "../model/pages";
import { useKeys } from "../parts/keys";
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
}

export function SessionTable({ loaded: { sessions, nextCursor }, filter, loadMore }: Table) {
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
    keyOf: (index) => sessions[index]?.session_id ?? String(index),
    pinned: current,
  });

  const items = rows.getVirtualItems();
  const lastInView = rows.range?.endIndex ?? 0;
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
  useKeys({
    j: () => choose(current === null ? 0 : Math.min(current + 1, sessions.length - 1)),
    k: () => choose(current === null ? 0 : Math.max(current - 1, 0)),
    Enter: () => current !== null && navigate(`/sessions/${sessions[current]?.session_id ?? ""}`),
  });

  return (
    <div
      class="table"
      role="table"
      aria-label="Sessions"
      aria-rowcount={nextCursor === null ? sessions.length + 1 : -1}
      ref={scroller}
    >
      <div role="rowgroup" class="head-group">
        <Head />
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
                linkId={linkId(session.session_id)}
                onChoose={() => (currentId.value = session.session_id)}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function linkId(sessionId: string): string {
  return `session-${sessionId}`;
}

function Head() {
  return (
    <div role="row" class="row head" aria-rowindex={1}>
      <span role="columnheader">State</span>
      <span role="columnheader">Session</span>
      <span role="columnheader" class="c-mix">
        Events
      </span>
      <span role="columnheader" class="num c-count">
        LLM
      </span>
      <span role="columnheader" class="num c-count">
        Tools
      </span>
      <span role="columnheader" class="num c-errors">
        Errors
      </span>
      <span role="columnheader" class="num c-tokens">
        Tokens
      </span>
      <span role="columnheader" class="num">
        Cost
      </span>
      <span role="columnheader" class="num c-duration">
        Duration
      </span>
      <span role="columnheader" class="c-tags">
        Tags
      </span>
      <span role="columnheader" class="num">
        Started
      </span>
    </div>
  );
}
