import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Axis, type TimeWindow, clampWindow, zoomAround } from "../model/axis";

const PER_PIXEL = 0.002;

/** Ctrl and the wheel zoom around the pointer; Shift and the wheel, or a sideways one, move what is zoomed. */
export function useWheelZoom(
  scroller: RefObject<HTMLElement>,
  looked: TimeWindow,
  axis: Axis,
  change: (window: TimeWindow) => void,
): void {
  const latest = useRef({ looked, axis, change });
  latest.current = { looked, axis, change };
  useEffect(() => {
    const pane = scroller.current;
    if (pane === null) return;
    const turn = (event: WheelEvent) => {
      const { looked, axis, change } = latest.current;
      const lane = pane.querySelector(".axis .lane")?.getBoundingClientRect();
      if (lane === undefined) return;
      const span = looked.toMs - looked.fromMs;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const atMs = looked.fromMs + ((event.clientX - lane.left) / lane.width) * span;
        change(zoomAround(looked, atMs, Math.exp(event.deltaY * PER_PIXEL), axis));
        return;
      }
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (sideways === 0 || span >= axis.spanMs) return;
      event.preventDefault();
      const byMs = (sideways / lane.width) * span;
      change(clampWindow({ fromMs: looked.fromMs + byMs, toMs: looked.toMs + byMs }, axis));
    };
    pane.addEventListener("wheel", turn, { passive: false });
    return () => pane.removeEventListener("wheel", turn);
  }, [scroller]);
}
