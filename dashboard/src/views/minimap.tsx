import { useEffect, useRef, useState } from "preact/hooks";
import { type TimeWindow, percentIn, wholeOf } from "../model/axis";
import { formatDurationExact } from "../model/duration";
import { KIND_CLASSES, type KindClass } from "../model/kind";
import { layoutMinimap } from "../model/minimap";
import { theme } from "../parts/theme";
import { useMedia } from "../parts/view_state";
import type { Scope } from "./scope";

const HEIGHT_PX = 34;
const BAR_PX = 3;
const LEAST_DRAG_PX = 5;

/** The whole session in a strip: a click moves the replay's moment, dragging zooms, a double click shows all again. */
export function Minimap({ scope }: { scope: Scope }) {
  const strip = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<TimeWindow | null>(null);
  const { axis, replay, place, go } = scope;
  const atMs = replay.atMs.value ?? axis.spanMs;
  const msAt = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    if (box === undefined) return 0;
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * axis.spanMs;
  };
  const begin = (event: PointerEvent) => {
    if (event.button !== 0) return;
    strip.current?.setPointerCapture(event.pointerId);
    setDrag({ fromMs: msAt(event), toMs: msAt(event) });
  };
  const end = () => {
    if (drag === null) return;
    setDrag(null);
    const width = strip.current?.clientWidth ?? 1;
    const [fromMs, toMs] = [Math.min(drag.fromMs, drag.toMs), Math.max(drag.fromMs, drag.toMs)];
    if (((toMs - fromMs) / axis.spanMs) * width < LEAST_DRAG_PX) replay.seek(drag.fromMs);
    else go({ window: { fromMs, toMs } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = axis.spanMs / 100;
    const to = { ArrowRight: atMs + step, ArrowLeft: atMs - step, Home: 0, End: axis.spanMs }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    replay.seek(to);
  };
  return (
    <div
      class="mini"
      ref={strip}
      role="slider"
      tabIndex={0}
      aria-label="Moment of the replay"
      aria-valuemin={0}
      aria-valuemax={Math.round(axis.spanMs)}
      aria-valuenow={Math.round(atMs)}
      aria-valuetext={formatDurationExact(atMs)}
      onPointerDown={begin}
      onPointerMove={(event) => drag !== null && setDrag({ ...drag, toMs: msAt(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
      onDblClick={() => go({ window: null })}
      onKeyDown={onKeyDown}
    >
      <Strip scope={scope} />
      <Looked window={drag ?? place.window} whole={wholeOf(axis)} />
      <i class="moment" style={{ left: `${percentIn(wholeOf(axis), atMs)}%` }} />
    </div>
  );
}

/** What is looked at stays light; the rest is shaded. */
function Looked({ window, whole }: { window: TimeWindow | null; whole: TimeWindow }) {
  if (window === null) return null;
  const from = percentIn(whole, Math.min(window.fromMs, window.toMs));
  const to = percentIn(whole, Math.max(window.fromMs, window.toMs));
  return (
    <>
      <i class="shade" style={{ left: 0, width: `${from}%` }} />
      <i class="shade" style={{ left: `${to}%`, right: 0 }} />
    </>
  );
}

function Strip({ scope: { events, axis } }: { scope: Scope }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  const isDark = useMedia("(prefers-color-scheme: dark)");
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidthPx(Math.round(entry?.contentRect.width ?? 0)));
    if (canvas.current !== null) observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current !== null && widthPx > 0)
      draw(canvas.current, widthPx, () =>
        layoutMinimap(events, axis, { widthPx, heightPx: HEIGHT_PX - 4, barPx: BAR_PX }),
      );
  }, [events, axis, widthPx, isDark, theme.value]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

function draw(canvas: HTMLCanvasElement, widthPx: number, layout: () => ReturnType<typeof layoutMinimap>): void {
  const scale = window.devicePixelRatio;
  canvas.width = widthPx * scale;
  canvas.height = HEIGHT_PX * scale;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(scale, scale);
  const colors = readColors(canvas);
  for (const { x, y, width, kind } of layout()) {
    context.globalAlpha = kind === "agent" ? 0.35 : 0.9;
    context.fillStyle = colors[kind];
    context.fillRect(x, y + 2, width, BAR_PX);
  }
}

/** The tokens as a canvas takes them: a custom property itself is not resolved to one colour. */
function readColors(canvas: HTMLCanvasElement): Record<KindClass, string> {
  const read = (kind: KindClass) => {
    canvas.style.color = `var(--${kind})`;
    return [kind, getComputedStyle(canvas).color] as const;
  };
  return Object.fromEntries(KIND_CLASSES.map(read)) as Record<KindClass, string>;
}
