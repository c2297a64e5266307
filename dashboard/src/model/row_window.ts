/** Which rows of a long list are in the page, and which element shows which of them. All rows have one height. */

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
const AROUND = 6;
const STRIDE = 4;

/** The rows to show: those in view with some around them. The length stays the same while the pane scrolls. */
export function rangeInView({ scrollPx, heightPx }: Pane, count: number, rowPx: number): Range {
  const length = Math.ceil(heightPx / rowPx / STRIDE) * STRIDE + 2 * AROUND + STRIDE;
  const first = Math.floor(Math.max(scrollPx, 0) / rowPx) - AROUND;
  const start = Math.max(Math.min(Math.floor(first / STRIDE) * STRIDE, count - length), 0);
  return { start, end: Math.min(start + length, count) };
}

export interface Slot {
  /** The element's own name, which it keeps whatever it shows. */
  slot: number;
  /** The key of the row that it shows. */
  key: string;
}

/**
 * Gives every wanted row an element, in order. A row that was shown keeps its own, so that nothing about it changes; a new one
 * takes over the element of a row that went, which costs far less than making one.
 */
export function assignSlots(before: readonly Slot[], wanted: readonly string[]): Slot[] {
  const kept = new Map(before.map(({ key, slot }) => [key, slot]));
  const isWanted = new Set(wanted);
  const free = before.filter(({ key }) => !isWanted.has(key)).map(({ slot }) => slot);
  let taken = 0;
  let next = before.reduce((highest, { slot }) => Math.max(highest, slot), -1) + 1;
  return wanted.map((key) => ({ key, slot: kept.get(key) ?? free[taken++] ?? next++ }));
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
