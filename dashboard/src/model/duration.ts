/** Durations for people. Each takes milliseconds. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Short, for columns: "812 ms", "4.8 s", "38 s", "1m 12s", "2h 05m", "3d 04h". */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 9_950) return formatSmall(ms);
  if (ms < MINUTE_MS - 500) return `${Math.round(ms / SECOND_MS)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`;
}

/** With one more digit below ten minutes, for facts and titles: "31m 20s", "1m 12.4s", "38.2 s", "4.82 s". */
export function formatDurationExact(ms: number): string {
  if (ms < 0) return `-${formatDurationExact(-ms)}`;
  if (ms < SECOND_MS) return formatSmall(ms);
  if (ms < 9_995) return `${(ms / SECOND_MS).toFixed(2)} s`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  if (tenths < 6000) return `${Math.floor(tenths / 600)}m ${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}s`;
  const seconds = Math.round(ms / SECOND_MS);
  const minutes = `${pad(Math.floor(seconds / 60) % 60)}m ${pad(seconds % 60)}s`;
  return seconds < 3600 ? minutes : `${Math.floor(seconds / 3600)}h ${minutes}`;
}

/** A mark of an axis; `stepMs` is the distance between marks, which says how many digits it needs. */
export function formatTick(ms: number, stepMs: number): string {
  if (ms === 0) return "0";
  if (stepMs < 1) return `${trim(ms.toFixed(3))} ms`;
  if (stepMs < SECOND_MS && ms < SECOND_MS) return `${trim(ms.toFixed(0))} ms`;
  if (stepMs < MINUTE_MS && ms < 2 * MINUTE_MS) return `${trim((ms / SECOND_MS).toFixed(3))} s`;
  const parts: string[] = [];
  if (ms >= DAY_MS) parts.push(`${Math.floor(ms / DAY_MS)}d`);
  if (ms % DAY_MS >= HOUR_MS) parts.push(`${Math.floor((ms % DAY_MS) / HOUR_MS)}h`);
  if (ms % HOUR_MS >= MINUTE_MS) parts.push(`${Math.floor((ms % HOUR_MS) / MINUTE_MS)}m`);
  if (ms % MINUTE_MS > 0) parts.push(`${trim(((ms % MINUTE_MS) / SECOND_MS).toFixed(3))}s`);
  return parts.join(" ");
}

function formatSmall(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 0.001) return `${Math.round(ms * 1e6)} ns`;
  if (ms < 0.9995) return `${trim((ms * 1000).toPrecision(3))} µs`;
  if (ms < 9.95) return `${trim(ms.toFixed(1))} ms`;
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / SECOND_MS).toFixed(1)} s`;
}

function pad(value: number): string {
  return value.toString().padStart(2, "0");
}

function trim(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
