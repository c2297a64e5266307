/**
 * Rows of one height, of which only those in view are in the page. A row that stays in view keeps its element; the element of
 * one that left shows another. While the list is scrolled, no element is made, removed or moved in the document, which would
 * cost several times as much: they get into the order of their rows, for the keyboard and for who hears the page, when
 * scrolling rests. One row keeps an element of its own.
 */

import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { type Pane, type Range, keepOrder, rangeInView, scrollToShow } from "../model/row_window";

interface Rows {
  count: number;
  rowPx: number;
  scroller: RefObject<HTMLElement>;
  /** What is above the first row inside the scroller and stays in view. */
  headPx?: number;
  /** A row that stays in the page out of view too, because it has the focus. */
  pinned?: number | null;
}

interface RowItem {
  index: number;
  /** Names the element that shows the row, not the row: when others come into view, their elements show them. */
  key: number;
  /** How far below the beginning of the scroller's content it is. */
  start: number;
}

export interface RowWindow {
  /** What is in the page; in order, unless it is being scrolled. */
  getVirtualItems: () => readonly RowItem[];
  getTotalSize: () => number;
  range: { startIndex: number; endIndex: number };
  scrollToIndex: (index: number, options: { align: "auto" }) => void;
}

// The key of the element that only the pinned row has, so that it does not lose the focus.
const PINNED = -1;
const REST_MS = 120;
const NOWHERE: Pane = { scrollPx: 0, heightPx: 0 };

export function useVirtualRows({ count, rowPx, scroller, headPx = 0, pinned = null }: Rows): RowWindow {
  const pane = useRef(NOWHERE);
  const [, redraw] = useReducer<number, null>((drawn) => drawn + 1, 0);
  const range = rangeInView(pane.current, count, rowPx);
  const latest = useRef({ count, rowPx, headPx, range });
  latest.current = { count, rowPx, headPx, range };

  const order = useRef<readonly number[]>([]);
  const moving = useRef(0);
  const observing = useRef<Observing | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === (observing.current?.element ?? null)) return;
    observing.current?.stop();
    observing.current = element === null ? null : observe(element, look);
  });
  useLayoutEffect(
    () => () => {
      observing.current?.stop();
      window.clearTimeout(moving.current);
    },
    [],
  );

  // Draws anew only when other rows come into the window: most scrolling moves what is there.
  function look(next: Pane, isScrolled: boolean): void {
    pane.current = next;
    if (isScrolled) {
      window.clearTimeout(moving.current);
      moving.current = window.setTimeout(rest, REST_MS);
    }
    const { count, rowPx, range } = latest.current;
    const { start, end } = rangeInView(next, count, rowPx);
    if (start !== range.start || end !== range.end) redraw(null);
  }

  function rest(): void {
    moving.current = 0;
    const focused = document.activeElement;
    const isOurs = scroller.current !== focused && scroller.current?.contains(focused) === true;
    redraw(null);
    // An element that is moved loses the focus.
    if (isOurs && focused instanceof HTMLElement) requestAnimationFrame(() => focusAgain(focused));
  }

  const elements = Math.max(range.end - range.start, 1);
  const inOrder = useIndexes(range, pinned, count).map((index) => ({
    index,
    key: index === pinned ? PINNED : index % elements,
    start: index * rowPx + headPx,
  }));
  const items = moving.current === 0 ? inOrder : keepOrder(inOrder, order.current);
  order.current = items.map((item) => item.key);
  return {
    getVirtualItems: () => items,
    getTotalSize: () => count * rowPx,
    range: { startIndex: range.start, endIndex: range.end - 1 },
    scrollToIndex: (index) => {
      const element = scroller.current;
      if (element === null) return;
      const here = { scrollPx: element.scrollTop, heightPx: element.clientHeight };
      const wanted = scrollToShow(index, here, latest.current.rowPx, latest.current.headPx);
      if (wanted !== null) element.scrollTop = wanted;
    },
  };
}

function focusAgain(element: HTMLElement): void {
  if (document.activeElement === document.body && element.isConnected) element.focus({ preventScroll: true });
}

interface Observing {
  element: HTMLElement;
  stop: () => void;
}

/** Tells of an element how far it is scrolled and how high it is, now and whenever that changes. */
function observe(element: HTMLElement, tell: (pane: Pane, isScrolled: boolean) => void): Observing {
  let heightPx = element.clientHeight; // kept, because asking for it while scrolling makes the browser lay out at once
  const look = () => tell({ scrollPx: element.scrollTop, heightPx }, true);
  const resized = () => {
    heightPx = element.clientHeight;
    tell({ scrollPx: element.scrollTop, heightPx }, false);
  };
  const observer = new ResizeObserver(resized);
  element.addEventListener("scroll", look, { passive: true });
  observer.observe(element);
  resized();
  return {
    element,
    stop: () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    },
  };
}

function useIndexes({ start, end }: Range, pinned: number | null, count: number): readonly number[] {
  return useMemo(() => {
    const inView = Array.from({ length: end - start }, (_, at) => start + at);
    if (pinned === null || pinned >= count || (pinned >= start && pinned < end)) return inView;
    return pinned < start ? [pinned, ...inView] : [...inView, pinned];
  }, [start, end, pinned, count]);
}
