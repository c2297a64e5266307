import { type TimeWindow, labelSide, percentIn, tickStepMs, ticksMs } from "../model/axis";
import { formatTick } from "../model/duration";
import { useMedia } from "../parts/view_state";

const MOST_TICKS = 6;
const MOST_TICKS_NARROW = 3;

/** The labels of the marks, which stay at the top of the pane. */
export function TimeAxis({ window }: { window: TimeWindow }) {
  const { stepMs, marks } = useMarks(window);
  const stepPercent = (stepMs / (window.toMs - window.fromMs)) * 100;
  const labels = marks.map((mark) => ({ ...mark, side: labelSide(mark.percent, stepPercent) }));
  return (
    <div class="axis" aria-hidden="true">
      <span class="head">Event</span>
      <div class="lane">
        {labels.map(
          ({ ms, percent, side }) =>
            side !== null && (
              <span key={ms} class={`tick ${side}`} style={{ left: `${percent}%` }}>
                {formatTick(ms, stepMs)}
              </span>
            ),
        )}
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
