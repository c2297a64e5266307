/** How many tags fit in a cell: a tag that is cut off is worse than "+2". */

const CHARACTER_PX = 6.6;
const FRAME_PX = 16;
const GAP_PX = 4;
const WIDEST_PX = 180;
const MORE_PX = 30;

/** The first tags that fit in `widthPx` with room for "+n" where some are left; always at least one. */
export function fitTags(tags: readonly string[], widthPx: number): number {
  let usedPx = 0;
  for (const [index, tag] of tags.entries()) {
    usedPx += Math.min(tag.length * CHARACTER_PX + FRAME_PX, WIDEST_PX) + (index === 0 ? 0 : GAP_PX);
    const isLast = index === tags.length - 1;
    if (usedPx + (isLast ? 0 : MORE_PX) > widthPx) return Math.max(index, 1);
  }
  return tags.length;
}
