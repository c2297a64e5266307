/** Light or dark: the system's choice until the reader makes one. */

import { signal } from "@preact/signals";
import { keep, readKept } from "./kept";

export type Theme = "system" | "light" | "dark";

const KEY = "agentops.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

export const theme = signal<Theme>("system");

/** Takes up the reader's last choice. A browser that keeps nothing is no reason to fail. */
export function loadTheme(): void {
  const kept = readKept(KEY);
  applyTheme(ORDER.find((one) => one === kept) ?? "system");
}

export function nextTheme(): void {
  applyTheme(ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length] ?? "system");
  keep(KEY, theme.value);
}

function applyTheme(next: Theme): void {
  theme.value = next;
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}
