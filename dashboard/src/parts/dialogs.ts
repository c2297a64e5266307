import { signal } from "@preact/signals";

/** Which dialog is open over the page. */
export const openDialog = signal<"palette" | "keys" | null>(null);
