/** Times: ISO 8601 in UTC on the wire with up to nine digits of a second, nanoseconds inside, the reader's zone on show. */

const PATTERN = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:?\d{2})?$/;
const NS_PER_MS = 1_000_000;

/** Nanoseconds since 1970; null for what is not a time. Without a zone it is UTC. */
export function decodeTimeNs(text: string): bigint | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, day = "", clock = "", fraction = "", zone = "Z"] = match;
  const ms = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

/** Milliseconds from `originNs` to a time, exact to the nanosecond for spans below 100 days; null for what is not a time. */
export function offsetMs(text: string | null, originNs: bigint): number | null {
  const ns = text === null ? null : decodeTimeNs(text);
  return ns === null ? null : Number(ns - originNs) / NS_PER_MS;
}

/** "just now", "10:41", "yesterday 10:41", "12 Nov 10:41", "12 Nov 2025": when something began, as seen at `nowMs`. */
export function formatWhen(text: string, nowMs: number, timeZone?: string): string {
  const ns = decodeTimeNs(text);
  if (ns === null) return text;
  const ms = Number(ns / 1_000_000n);
  const sinceMs = nowMs - ms;
  if (sinceMs >= 0 && sinceMs < 60_000) return "just now";
  const clock = format(ms, timeZone, { hour: "2-digit", minute: "2-digit" });
  const day = dayOf(ms, timeZone);
  if (day === dayOf(nowMs, timeZone)) return clock;
  if (day === dayOf(nowMs - 86_400_000, timeZone)) return `yesterday ${clock}`;
  const date = format(ms, timeZone, { day: "numeric", month: "short" });
  return day.slice(0, 4) === dayOf(nowMs, timeZone).slice(0, 4) ? `${date} ${clock}` : `${date} ${day.slice(0, 4)}`;
}

/** The whole moment with its zone, for a title: "20 Nov 2026 10:41:07.123456 CET". */
export function formatExact(text: string, timeZone?: string): string {
  const ns = decodeTimeNs(text);
  if (ns === null) return text;
  const ms = Number(ns / 1_000_000n);
  const date = format(ms, timeZone, { day: "numeric", month: "short", year: "numeric" });
  const clock = format(ms, timeZone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const fraction = (ns % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${date} ${clock}${fraction === "" ? "" : `.${fraction}`} ${zoneOf(ms, timeZone)}`;
}

function dayOf(ms: number, timeZone: string | undefined): string {
  return formatter(timeZone, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA").format(ms);
}

function zoneOf(ms: number, timeZone: string | undefined): string {
  const parts = formatter(timeZone, { timeZoneName: "short" }).formatToParts(ms);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

function format(ms: number, timeZone: string | undefined, options: Intl.DateTimeFormatOptions): string {
  return formatter(timeZone, { hourCycle: "h23", ...options }).format(ms);
}

// Making a formatter costs far more than using one, and a list shows hundreds of times.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string | undefined, options: Intl.DateTimeFormatOptions, locale = "en-GB") {
  const key = `${locale} ${timeZone ?? ""} ${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, timeZone === undefined ? options : { ...options, timeZone });
  formatters.set(key, made);
  return made;
}
