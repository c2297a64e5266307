import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import { type Range, formatStep, rangeOfStep } from "../model/range";
import type { Line } from "../model/series";
import type { Plot, PlotData } from "./plot";
import { theme } from "./theme";
import { useMedia } from "./view_state";

export interface ChartProps {
  title: string;
  kind: PlotData["kind"];
  range: Range;
  stepS: number;
  steps: number;
  /** Null while they are read. */
  lines: readonly Line[] | null;
  /** As much in the range before, step by step: a dashed line. */
  before: readonly (number | null)[] | null;
  beforeLabel: string;
  formatValue: (value: number) => string;
  /** The list of the sessions behind some time, and behind one line where it has a filter. */
  hrefOf: (range: Range, line: Line | null) => string;
  zoom: (range: Range) => void;
  empty: string;
  children?: ComponentChildren;
}

/**
 * Bars or lines over time. The line above tells the step under the pointer, or the chosen one: arrows choose, Enter opens its
 * sessions. The table below has the same figures for who does not see the canvas.
 */
export function Chart(props: ChartProps) {
  const { title, range, lines, children, empty } = props;
  const [step, setStep] = useState<number | null>(null);
  useEffect(() => setStep(null), [range.since, range.until]);
  const id = `chart-${title.toLowerCase().replace(/\W+/g, "-")}`;
  return (
    <section class="chart" aria-labelledby={id}>
      <div class="chart-head">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
      <p class="readout dim" role="status">
        {lines !== null && lines.length > 0 && <Readout {...props} lines={lines} step={step} />}
      </p>
      {lines === null ? (
        <div class="plot" aria-busy="true" />
      ) : lines.length === 0 ? (
        <p class="plot none dim">{empty}</p>
      ) : (
        <Canvas {...props} lines={lines} step={step} setStep={setStep} />
      )}
      {lines === null || lines.length === 0 ? <p class="table-to-come" /> : <Figures {...props} lines={lines} />}
    </section>
  );
}

type Drawn = ChartProps & { lines: readonly Line[] };

/** What the chosen step has, or how each line adds up; each name leads to its sessions. */
function Readout({
  range,
  stepS,
  lines,
  before,
  beforeLabel,
  formatValue,
  step,
  hrefOf,
}: Drawn & { step: number | null }) {
  const own = step === null ? range : rangeOfStep(range, stepS, step);
  const was = step === null ? null : (before?.[step] ?? null);
  return (
    <>
      {step !== null && <b>{formatStep(own, stepS)}</b>}
      {lines.map((line) => (
        <Link key={line.label} class="key" href={hrefOf(own, line)}>
          <i style={{ background: `var(--${line.look})` }} aria-hidden="true" />
          {line.label} <span class="value">{step === null ? line.total : line.texts[step]}</span>
        </Link>
      ))}
      {before !== null && (
        <span class="key">
          <i class="dash" aria-hidden="true" />
          {beforeLabel} {was !== null && <span class="value">{formatValue(was)}</span>}
        </span>
      )}
    </>
  );
}

function Canvas(props: Drawn & { step: number | null; setStep: (step: number | null) => void }) {
  const { title, range, stepS, steps, lines, before, kind, formatValue, hrefOf, step, setStep } = props;
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const isDark = useMedia("(prefers-color-scheme: dark)");
  const latest = useRef(props);
  latest.current = props;
  // To draw it anew would end a drag: what comes meanwhile is drawn when the button is up.
  const [isDragged, setDragged] = useState(false);
  const drawn = useHeld([lines, before, range.since, range.until, stepS, kind, isDark, theme.value], isDragged);
  const onMouseDown = () => {
    setDragged(true);
    window.addEventListener("mouseup", () => setDragged(false), { once: true });
  };
  useEffect(() => {
    const box = element.current;
    if (box === null) return;
    const times = Array.from({ length: steps }, (_, index) => Date.parse(range.since) + index * stepS * 1_000);
    const data: PlotData = { kind, times, stepMs: stepS * 1_000, lines, before, formatValue };
    const own = (index: number) => rangeOfStep(range, stepS, index);
    let isGone = false;
    const open = async () => {
      const { drawPlot } = await import("./plot");
      if (isGone) return;
      plot.current = drawPlot(box, box.clientWidth, data, latest.current.step, {
        point: setStep,
        open: (index, line) => navigate(hrefOf(own(index), line === null ? null : (lines[line] ?? null))),
        zoom: (first, last) => latest.current.zoom({ since: own(first).since, until: own(last).until }),
      });
    };
    void open();
    const observer = new ResizeObserver(() => plot.current?.resize(box.clientWidth));
    observer.observe(box);
    return () => {
      isGone = true;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, drawn);
  const choose = (to: number) => {
    const next = Math.min(Math.max(to, 0), steps - 1);
    setStep(next);
    plot.current?.point(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Partial<Record<string, number>> = {
      ArrowLeft: (step ?? steps) - 1,
      ArrowRight: (step ?? -1) + 1,
      Home: 0,
      End: steps - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) choose(to);
    else if (event.key === "Enter" && step !== null) navigate(hrefOf(rangeOfStep(range, stepS, step), null));
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="plot"
      ref={element}
      tabIndex={0}
      role="group"
      aria-label={`${title}: the arrow keys choose a time, Enter opens its sessions, the table below has all figures`}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
    />
  );
}

/** The value, or while it is held the one from before. */
function useHeld<T>(value: T, isHeld: boolean): T {
  const held = useRef(value);
  if (!isHeld) held.current = value;
  return held.current;
}

function Figures({ title, range, stepS, lines, hrefOf }: Drawn) {
  const [isOpen, setIsOpen] = useState(false);
  const steps = (lines[0]?.values ?? []).map((_, step) => step);
  const isTold = (step: number) => lines.some((line) => (line.values[step] ?? 0) !== 0);
  return (
    <details class="chart-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary class="dim">Table</summary>
      {isOpen && (
        <div class="scroll" tabIndex={0} role="group" aria-label={`${title} as a table`}>
          <table class="figures">
            <thead>
              <tr>
                <th>Time</th>
                {lines.map((line) => (
                  <th key={line.label} class="num">
                    {line.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {steps.filter(isTold).map((step) => (
                <tr key={step}>
                  <td>
                    <Link class="link" href={hrefOf(rangeOfStep(range, stepS, step), null)}>
                      {formatStep(rangeOfStep(range, stepS, step), stepS)}
                    </Link>
                  </td>
                  {lines.map((line) => (
                    <td key={line.label} class="num">
                      {line.texts[step]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
