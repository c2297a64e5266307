/** Charts on a canvas. This file and its library are loaded when the first chart is shown. */

import uPlot from "uplot";
import type { Line } from "../model/series";

export interface PlotData {
  kind: "bars" | "lines";
  /** When each step begins and how long it is, in milliseconds. */
  times: readonly number[];
  stepMs: number;
  lines: readonly Line[];
  /** The range before, as one dashed line at the same places. */
  before: readonly (number | null)[] | null;
  formatValue: (value: number) => string;
}

export interface PlotEvents {
  /** The pointer is over a step; null when it left. */
  point: (step: number | null) => void;
  /** A step was clicked, and in it one of the lines; null above all bars. */
  open: (step: number, line: number | null) => void;
  /** Steps were dragged over. */
  zoom: (first: number, last: number) => void;
}

export interface Plot {
  resize: (widthPx: number) => void;
  point: (step: number | null) => void;
  destroy: () => void;
}

const HEIGHT_PX = 180;
const LEAST_DRAG_PX = 12;
const AXIS_PX = 26;

export function drawPlot(
  element: HTMLElement,
  widthPx: number,
  data: PlotData,
  chosen: number | null,
  events: PlotEvents,
): Plot {
  const colour = (name: string) => colourOf(element, name);
  const { times, stepMs, lines, before, kind } = data;
  const middles = times.map((time) => time + stepMs / 2);
  // Bars that stand on each other are drawn from behind: each one as high as all up to it.
  const shown = kind === "bars" ? stackUp(lines).reverse() : lines.map((line) => line.values);
  const looks = kind === "bars" ? lines.map((line) => line.look).reverse() : lines.map((line) => line.look);
  const columns = [middles, ...shown, ...(before === null ? [] : [before])] as uPlot.AlignedData;
  const axis: uPlot.Axis = {
    stroke: () => colour("text-2"),
    grid: { stroke: () => colour("line"), width: 1 },
    ticks: { show: false },
    font: `11px ${getComputedStyle(element).fontFamily}`,
  };
  const point = (self: uPlot, step: number | null) =>
    self.setCursor(
      step === null ? { left: -10, top: -10 } : { left: self.valToPos(middles[step] ?? 0, "x"), top: 0 },
      false,
    );
  const plot = new uPlot(
    {
      width: widthPx,
      height: HEIGHT_PX,
      ms: 1,
      padding: [10, 20, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: true, range: [times[0] ?? 0, (times.at(-1) ?? 0) + stepMs] },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
      },
      axes: [
        {
          ...axis,
          size: AXIS_PX,
          gap: 4,
          space: 64,
          grid: { show: false },
          values: (_, marks) => marks.map(markOf(stepMs)),
        },
        {
          ...axis,
          gap: 6,
          space: 36,
          size: (self, values) => axisWidth(self, values),
          values: (_, marks) => marks.map(data.formatValue),
        },
      ],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
        points: { show: kind === "lines" },
      },
      series: [
        {},
        ...looks.map((look) => (kind === "bars" ? barLook(colour(look)) : lineLook(colour(look)))),
        ...(before === null ? [] : [beforeLook(colour("text-2"))]),
      ],
      hooks: {
        // Before it is drawn there is no scale to place it by.
        ready: [(self) => point(self, chosen)],
        // That it is nowhere is said by "mouseleave": here it would be said of a plot that was just drawn too.
        setCursor: [(self) => self.cursor.idx != null && events.point(self.cursor.idx)],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            if (width < LEAST_DRAG_PX) return;
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            events.zoom(self.posToIdx(left), self.posToIdx(left + width));
          },
        ],
      },
    },
    columns,
    element,
  );
  plot.over.addEventListener("mouseleave", () => events.point(null));
  plot.over.addEventListener("click", () => {
    const step = plot.cursor.idx;
    if (step == null) return;
    const value = plot.posToVal(plot.cursor.top ?? 0, "y");
    events.open(step, kind === "bars" ? lineAt(lines, step, value) : null);
  });
  return {
    resize: (px) => plot.setSize({ width: px, height: HEIGHT_PX }),
    point: (step) => point(plot, step),
    destroy: () => plot.destroy(),
  };
}

function stackUp(lines: readonly Line[]): (number | null)[][] {
  const heights: number[] = [];
  return lines.map(({ values }) =>
    values.map((value, step) => {
      const height = (heights[step] ?? 0) + (value ?? 0);
      heights[step] = height;
      return value === null || value === 0 ? null : height;
    }),
  );
}

/** The line whose part of the bar is at this height. */
function lineAt(lines: readonly Line[], step: number, height: number): number | null {
  let top = 0;
  for (const [index, line] of lines.entries()) {
    top += line.values[step] ?? 0;
    if (height <= top && (line.values[step] ?? 0) > 0) return index;
  }
  return null;
}

function barLook(colour: string): uPlot.Series {
  return {
    ...(uPlot.paths.bars === undefined ? {} : { paths: uPlot.paths.bars({ size: [0.82, 56], gap: 1 }) }),
    fill: colour,
    width: 0,
    points: { show: false },
  };
}

function lineLook(colour: string): uPlot.Series {
  return { stroke: colour, width: 1.75, points: { show: true, size: 5, fill: colour, stroke: colour } };
}

function beforeLook(colour: string): uPlot.Series {
  return { stroke: colour, width: 1.25, dash: [4, 4], points: { show: false } };
}

function axisWidth(plot: uPlot, values: readonly string[] | null): number {
  const longest = (values ?? []).reduce((most, text) => (text.length > most.length ? text : most), "");
  plot.ctx.save();
  plot.ctx.font = `${11 * uPlot.pxRatio}px ${getComputedStyle(plot.root).fontFamily}`;
  const px = plot.ctx.measureText(longest).width / uPlot.pxRatio;
  plot.ctx.restore();
  return Math.ceil(px) + 14;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

function markOf(stepMs: number): (ms: number) => string {
  return (ms) => {
    const clock = CLOCK.format(ms);
    return clock === "00:00" || stepMs >= 86_400_000 ? DAY.format(ms) : clock;
  };
}

/** A colour of the design as it is now: a canvas knows no variables and no light-dark(). */
function colourOf(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
