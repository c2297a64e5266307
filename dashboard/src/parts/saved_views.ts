/** Lists that the reader gave a name: each is a URL, so that it can be sent to somebody too. */

import { signal } from "@preact/signals";
import { keep, readKept } from "./kept";

export interface SavedView {
  name: string;
  href: string;
}

const KEY = "agentops.views";

export const savedViews = signal<readonly SavedView[]>(decode(readKept(KEY)));

/** Keeps a view under a name, in place of another one of that name. */
export function saveView(view: SavedView): void {
  store([...savedViews.value.filter((one) => one.name !== view.name), view]);
}

export function dropView(name: string): void {
  store(savedViews.value.filter((one) => one.name !== name));
}

function store(views: readonly SavedView[]): void {
  savedViews.value = views;
  keep(KEY, JSON.stringify(views));
}

function decode(text: string | null): SavedView[] {
  if (text === null) return [];
  try {
    const views = JSON.parse(text) as unknown;
    return Array.isArray(views) ? views.filter(isView) : [];
  } catch {
    return [];
  }
}

/** Only addresses of the list: what is kept in the browser must not lead elsewhere. */
function isView(value: unknown): value is SavedView {
  const { name, href } = (value ?? {}) as Partial<SavedView>;
  return typeof name === "string" && typeof href === "string" && (href === "/" || href.startsWith("/?"));
}
