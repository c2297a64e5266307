/** Links that a table of thousands can afford: plain ones, which the table itself follows. */

import { navigate } from "wouter-preact/use-browser-location";

/** Follows a link of this page without loading it anew; anything that the reader wants of a browser's link stays its own. */
export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || !(event.target instanceof Element)) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const href = event.target.closest("a")?.getAttribute("href");
  if (href?.startsWith("/") !== true) return;
  event.preventDefault();
  navigate(href);
}
