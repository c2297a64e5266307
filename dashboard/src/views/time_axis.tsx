import { type TimeWindow, percentIn, tickStepMs, ticksMs } from "../model/axis";
import { formatTick } from "../model/duration";
import { useMedia } from "../parts/view_state";

const MOST_TICKS = 6;
const MOST_TICKS_NARROW = 3;
const LAST_PERCENT = 90; // a label that begins after this would run out of the lane

/** The labels of the marks, which stay at the top of the pane. */
export function TimeAxis({ window }: { window: TimeWindow }) {
  const { stepMs, marks } = useMarks(window);
  return (
    <div class="axis" aria-hidden="true">
      <span class="head">Event</span>
      <div class="lane">
        {marks.map(({ ms, percent }) => (
          <span key={ms} class={percent > LAST_PERCENT ? "tick last" : "tick"} style={{ left: `${percent}%` }}>
            {formatTick(ms, stepMs)}
          </span>
        ))}
      </div>
      <span />
    </div>
  );
}

/** The lines of the marks, behind all rows, and the moment of the replay. */
export function TimeGrid({ window, atMs }: { window: TimeWindow; atMs: number | null }) {
  const { marks } = useMarks(window);
  const isIn = atMs !== null && atMs >= window.fromMs && atMs <= window.toMs;
  return (
    <div class="grid-lines" aria-hidden="true">
      <span />
      <div class="lane">
        {marks.map(({ ms, percent }) => (
          <s key={ms} style={{ left: `${percent}%` }} />
        ))}
        {isIn && <s class="moment" style={{ left: `${percentIn(window, atMs)}%` }} />}
      </div>
      <span />
    </div>
  );
}

function useMarks(window: TimeWindow) {
  const isNarrow = useMedia("(max-width: 1250px)");
  const stepMs = tickStepMs(window.toMs - window.fromMs, isNarrow ? MOST_TICKS_NARROW : MOST_TICKS);
  return { stepMs, marks: ticksMs(window, stepMs).map((ms) => ({ ms, percent: percentIn(window, ms) })) };
}
