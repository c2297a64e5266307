/** Rows of one height, of which only those in view are in the page. */

import {
  Virtualizer,
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

interface Rows {
  count: number;
  rowPx: number;
  scroller: RefObject<HTMLElement>;
  keyOf: (index: number) => string;
  /** What is above the first row inside the scroller and stays in view. */
  headPx?: number;
  /** A row that stays in the page out of view too, because it has the focus. */
  pinned?: number | null;
}

export type RowWindow = Virtualizer<HTMLElement, HTMLElement>;

export function useVirtualRows({ count, rowPx, scroller, keyOf, headPx = 0, pinned = null }: Rows): RowWindow {
  const [, redraw] = useReducer<number, null>((drawn) => drawn + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(null),
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const inView = defaultRangeExtractor(range);
      if (pinned === null || pinned >= count || inView.includes(pinned)) return inView;
      return [...inView, pinned].sort((a, b) => a - b);
    },
  };
  const [rows] = useState<RowWindow>(() => new Virtualizer(options));
  rows.setOptions(options);
  useLayoutEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => rows._willUpdate());
  useLayoutEffect(() => rows.measure(), [rows, rowPx]);
  return rows;
}
