import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { clampWindow, wholeOf, zoomAround } from "../model/axis";
import { isNarrowed, narrowTree } from "../model/event_filter";
import { ancestorIds, flattenTree } from "../model/tree";
import { useKeys } from "../parts/keys";
import { Notice } from "../parts/notice";
import { useVirtualRows } from "../parts/virtual_rows";
import { EventFilterBar } from "./event_filter_bar";
import { NoEvents } from "./no_events";
import type { Scope } from "./scope";
import { TimeAxis, TimeGrid } from "./time_axis";
import { WaterfallRow, rowId } from "./waterfall_row";
import { useWheelZoom } from "./wheel_zoom";

const ROW_PX = 28;
const AXIS_PX = 24;
const ZOOM_STEP = 0.6;
const NONE: ReadonlySet<string> = new Set();

/** Events as a tree on a time axis. The tree has the focus and names the chosen row, so that rows may come and go. */
export function Waterfall({ scope }: { scope: Scope }) {
  const { session, events, areLoaded, axis, tree, place, words, go, choose } = scope;
  const chosenId = place.eventId;
  const scroller = useRef<HTMLDivElement>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const narrowed = useMemo(
    () => (isNarrowed(place.filter) ? narrowTree(events, tree, place.filter, words.ids) : null),
    [events, tree, JSON.stringify(place.filter), words.ids],
  );
  const rows = useMemo(() => flattenTree(tree, collapsed, narrowed?.shown), [tree, collapsed, narrowed]);
  // As they lie in the tree, what is folded away too: a hit in there opens what it lies in.
  const order = useMemo(
    () => (narrowed === null ? [] : flattenTree(tree, NONE, narrowed.shown).map((row) => row.event.id)),
    [tree, narrowed],
  );
  const indexOf = useMemo(() => new Map(rows.map((row, index) => [row.event.id, index])), [rows]);
  const chosen = chosenId === null ? undefined : indexOf.get(chosenId);
  const looked = useMemo(
    () => (place.window === null ? wholeOf(axis) : clampWindow(place.window, axis)),
    [place.window?.fromMs, place.window?.toMs, axis],
  );
  const rowWindow = useVirtualRows({
    count: rows.length,
    rowPx: ROW_PX,
    headPx: AXIS_PX,
    scroller,
    pinned: chosen ?? null,
  });
  const zoom = (factor: number, atMs = (looked.fromMs + looked.toMs) / 2) =>
    go({ window: zoomAround(looked, atMs, factor, axis) });
  useWheelZoom(scroller, looked, axis, (window) => go({ window }));

  useEffect(() => {
    const above = chosenId === null ? [] : ancestorIds(tree, chosenId);
    if (above.some((id) => collapsed.has(id)))
      setCollapsed(new Set([...collapsed].filter((id) => !above.includes(id))));
  }, [chosenId, areLoaded]);
  useEffect(() => {
    if (chosen !== undefined) rowWindow.scrollToIndex(chosen, { align: "auto" });
  }, [chosenId, chosen === undefined]);

  const chooseRow = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (row !== undefined) choose(row.event.id);
  };
  const step = (by: number) => chooseRow(chosen === undefined ? (by > 0 ? 0 : rows.length - 1) : chosen + by);
  const fold = useCallback((id: string, isFolded: boolean) => {
    setCollapsed((before) => {
      const next = new Set(before);
      if (isFolded) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
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
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowLeft: left,
    ArrowRight: right,
    "+": () => zoom(ZOOM_STEP),
    "-": () => zoom(1 / ZOOM_STEP),
    "0": () => go({ window: null }),
    C: () => setCollapsed(collapsed.size > 0 ? new Set() : new Set(tree.childrenOf.keys())),
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 1, 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    const to = { Home: 0, End: rows.length - 1 }[event.key];
    if ((by ?? to) === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (by !== undefined) step(by);
    else if (to !== undefined) chooseRow(to);
  };

  // What does not change while rows come and go.
  const bar = useMemo(() => <EventFilterBar scope={scope} order={order} hits={narrowed?.matched} />, [scope, narrowed]);
  const head = useMemo(() => <TimeAxis window={looked} />, [looked]);
  const atMs = scope.replay.atMs.value;
  const grid = useMemo(() => <TimeGrid window={looked} atMs={atMs} />, [looked, atMs]);

  if (areLoaded && events.length === 0) return <NoEvents session={session} />;
  return (
    <>
      {bar}
      {narrowed?.matched.size === 0 && !words.isSearching && <Notice title="No event like this" />}
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
        {head}
        <div class="rows" role="presentation" style={{ height: `${rowWindow.getTotalSize()}px` }}>
          {grid}
          {rowWindow.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <WaterfallRow
                  key={item.key}
                  row={row}
                  axis={axis}
                  window={looked}
                  atMs={atMs}
                  offsetPx={item.start - AXIS_PX}
                  isRunning={session.is_running}
                  isChosen={item.index === chosen}
                  isAround={narrowed !== null && !narrowed.matched.has(row.event.id)}
                  choose={choose}
                  fold={fold}
                />
              )
            );
          })}
        </div>
      </div>
    </>
  );
}
