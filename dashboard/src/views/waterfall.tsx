import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { EventRow, Session } from "../api/types";
import type { Axis } from "../model/axis";
import { ancestorIds, buildTree, flattenTree } from "../model/tree";
import { useKeys } from "../parts/keys";
import { Notice } from "../parts/notice";
import { useVirtualRows } from "../parts/virtual_rows";
import { TimeAxis, TimeGrid } from "./time_axis";
import { WaterfallRow, rowId } from "./waterfall_row";

const ROW_PX = 28;
const AXIS_PX = 24;

interface WaterfallProps {
  session: Session;
  events: readonly EventRow[];
  areLoaded: boolean;
  axis: Axis;
  chosenId: string | null;
  choose: (eventId: string | null) => void;
}

/** Events as a tree on a time axis. The tree has the focus and names the chosen row, so that rows may come and go. */
export function Waterfall({ session, events, areLoaded, axis, chosenId, choose }: WaterfallProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const tree = useMemo(() => buildTree(events), [events]);
  const rows = useMemo(() => flattenTree(tree, collapsed), [tree, collapsed]);
  const indexOf = useMemo(() => new Map(rows.map((row, index) => [row.event.id, index])), [rows]);
  const chosen = chosenId === null ? undefined : indexOf.get(chosenId);
  const window = useVirtualRows({
    count: rows.length,
    rowPx: ROW_PX,
    headPx: AXIS_PX,
    scroller,
    keyOf: (index) => rows[index]?.event.id ?? String(index),
    pinned: chosen ?? null,
  });

  useEffect(() => {
    const above = chosenId === null ? [] : ancestorIds(tree, chosenId);
    if (above.some((id) => collapsed.has(id)))
      setCollapsed(new Set([...collapsed].filter((id) => !above.includes(id))));
  }, [chosenId, areLoaded]);
  useEffect(() => {
    if (chosen !== undefined) window.scrollToIndex(chosen, { align: "auto" });
  }, [chosenId, chosen === undefined]);

  const step = (by: number) => {
    const next = chosen === undefined ? (by > 0 ? 0 : rows.length - 1) : chosen + by;
    const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
    if (row !== undefined) choose(row.event.id);
  };
  const fold = (id: string, isFolded: boolean) => {
    const next = new Set(collapsed);
    if (isFolded) next.add(id);
    else next.delete(id);
    setCollapsed(next);
  };
  const left = () => {
    const row = chosen === undefined ? undefined : rows[chosen];
    if (row === undefined) return;
    if (row.childCount > 0 && !row.isCollapsed) fold(row.event.id, true);
    else choose(ancestorIds(tree, row.event.id)[0] ?? row.event.id);
  };
  const right = () => {
    const row = chosen === undefined ? undefined : rows[chosen];
    if (row?.isCollapsed === true) fold(row.event.id, false);
    else if (row !== undefined && row.childCount > 0) step(1);
  };
  useKeys({ j: () => step(1), k: () => step(-1), ArrowLeft: left, ArrowRight: right });

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 1, 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
  };

  if (areLoaded && events.length === 0) return <NoEvents session={session} />;
  return (
    <div
      class="rows-scroller"
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label="Events in time order"
      aria-busy={!areLoaded}
      aria-activedescendant={chosen === undefined ? undefined : rowId(chosenId ?? "")}
      onKeyDown={onKeyDown}
    >
      <TimeAxis axis={axis} />
      <div class="rows" role="presentation" style={{ height: `${window.getTotalSize()}px` }}>
        <TimeGrid axis={axis} />
        {window.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <WaterfallRow
                key={item.key}
                row={row}
                axis={axis}
                offsetPx={item.start - AXIS_PX}
                isRunning={session.is_running}
                isChosen={item.index === chosen}
                choose={choose}
                fold={fold}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function NoEvents({ session }: { session: Session }) {
  return (
    <Notice title="No events">
      {session.is_running ? (
        <p role="status">
          <span class="pulse" aria-hidden="true" /> Waiting for the first one.
        </p>
      ) : (
        <p>The session ended without recording anything.</p>
      )}
    </Notice>
  );
}
