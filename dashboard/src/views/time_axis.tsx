import { type Axis, tickStepMs, ticksMs } from "../model/axis";
import { formatTick } from "../model/duration";
import { useMedia } from "../parts/view_state";

const MOST_TICKS = 6;
const MOST_TICKS_NARROW = 3;
const LAST_PERCENT = 90; // a label that begins after this would run out of the lane

/** The labels of the marks, which stay at the top of the pane. */
export function TimeAxis({ axis }: { axis: Axis }) {
  const { stepMs, marks } = useMarks(axis);
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

/** The lines of the marks, behind all rows. */
export function TimeGrid({ axis }: { axis: Axis }) {
  const { marks } = useMarks(axis);
  return (
    <div class="grid-lines" aria-hidden="true">
      <span />
      <div class="lane">
        {marks.map(({ ms, percent }) => (
          <s key={ms} style={{ left: `${percent}%` }} />
        ))}
      </div>
      <span />
    </div>
  );
}

function useMarks({ spanMs }: Axis) {
  const isNarrow = useMedia("(max-width: 1250px)");
  const stepMs = tickStepMs(spanMs, isNarrow ? MOST_TICKS_NARROW : MOST_TICKS);
  return { stepMs, marks: ticksMs(spanMs, stepMs).map((ms) => ({ ms, percent: (ms / spanMs) * 100 })) };
}
