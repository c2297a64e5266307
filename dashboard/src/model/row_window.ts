/** Which rows of a long list are in the page. All rows have one height. */

export interface Pane {
  /** How far it is scrolled, and how much of it shows, in pixels. */
  scrollPx: number;
  heightPx: number;
}

export interface Range {
  /** The first row, and the one after the last. */
  start: number;
  end: number;
}

// Rows above and below those in view, and by how many the window moves at once: scrolling a little changes nothing.
const AROUND = 2;
const STRIDE = 4;

/** The rows to show: those in view with some around them. The length stays the same while the pane scrolls. */
export function rangeInView({ scrollPx, heightPx }: Pane, count: number, rowPx: number): Range {
  const length = Math.ceil(heightPx / rowPx / STRIDE) * STRIDE + 2 * AROUND + STRIDE;
  const first = Math.floor(Math.max(scrollPx, 0) / rowPx) - AROUND;
  const start = Math.max(Math.min(Math.floor(first / STRIDE) * STRIDE, count - length), 0);
  return { start, end: Math.min(start + length, count) };
}

/** The same items in the order that their keys had; those with a new key come last. */
export function keepOrder<Item extends { key: number }>(items: readonly Item[], keys: readonly number[]): Item[] {
  const waiting = new Map(items.map((item) => [item.key, item]));
  const kept = keys.flatMap((key) => {
    const item = waiting.get(key);
    waiting.delete(key);
    return item === undefined ? [] : [item];
  });
  return [...kept, ...waiting.values()];
}

/** How far to scroll so that a row is in view below what covers `headPx` at the top; null when it is already. */
export function scrollToShow(
  index: number,
  { scrollPx, heightPx }: Pane,
  rowPx: number,
  headPx: number,
): number | null {
  const top = index * rowPx;
  if (top < scrollPx) return top;
  const bottom = top + rowPx + headPx;
  return bottom > scrollPx + heightPx ? bottom - heightPx : null;
}
