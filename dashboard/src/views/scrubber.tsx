import { formatDurationExact } from "../model/duration";
import { SPEEDS } from "../model/replay";
import { formatCount } from "../model/story";
import { Minimap } from "./minimap";
import type { Scope } from "./scope";

/** Replay: play, the strip of the whole session, where it stands, how fast. */
export function Scrubber({ scope }: { scope: Scope }) {
  const { replay, axis } = scope;
  const isPlaying = replay.isPlaying.value;
  const atMs = replay.atMs.value;
  return (
    <section class="scrub" aria-label="Replay">
      <button type="button" class="btn" onClick={replay.toggle} title="Space" disabled={scope.events.length === 0}>
        <span aria-hidden="true">{isPlaying ? "❚❚" : "▶"}</span> {isPlaying ? "Pause" : "Replay"}
      </button>
      <Minimap scope={scope} />
      <span class="readout dim">
        {atMs === null
          ? formatDurationExact(axis.spanMs)
          : `${formatDurationExact(atMs)} of ${formatDurationExact(axis.spanMs)}`}
      </span>
      <span class="speed">
        {atMs !== null && (
          <button type="button" class="btn" onClick={() => replay.seek(null)} title="Show all of it again">
            End
          </button>
        )}
        <select
          aria-label="Speed"
          value={String(replay.speed.value)}
          onChange={(event) => replay.setSpeed(Number(event.currentTarget.value))}
        >
          <option value="0">auto</option>
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {formatCount(speed)}×
            </option>
          ))}
        </select>
      </span>
    </section>
  );
}
