import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useStore } from "../app/store.ts";
import { theme } from "../app/theme.ts";

/** A line of a chart: over its steps, in the colour of its part. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** The name of a colour. */
  readonly colour: "--ink" | "--k" | "--v" | "--ink3";
  readonly look: "line" | "dashed" | "dots";
}

interface Props {
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  /** How a value is written beside the axis. */
  readonly format: (value: number) => string;
  /** The step of the scrubber. */
  readonly step: number;
  readonly total: number;
  readonly onStep: (step: number) => void;
}

const HEIGHT = 180;
const FONT = '450 12px "jumok UI", "Noto Sans KR Variable", system-ui, sans-serif';

/** A chart over steps with the scrubber's line; pressed, the scrubber goes there. */
export function Chart({ steps, lines, format, step, total, onStep }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  // What the drawing reads when it happens.
  const latest = useRef({ step, total, format, onStep });
  latest.current = { step, total, format, onStep };
  const look = lines.map((line) => `${line.label}${line.look}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once for each set of lines; its data is set below
  useEffect(() => {
    const holder = place.current!;
    const made = new uPlot(
      {
        width: holder.clientWidth || 300,
        height: HEIGHT,
        legend: { show: false },
        cursor: { x: false, y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
        padding: [8, 12, 0, 0],
        scales: { x: { time: false, range: () => [0, Math.max(1, latest.current.total)] } },
        axes: [
          axis({ grid: false, size: 28 }),
          axis({ size: 52, values: (_, ticks) => ticks.map((v) => latest.current.format(v)) }),
        ],
        series: [{}, ...lines.map(seriesOf)],
        hooks: { draw: [(u) => drawScrubber(u, latest.current.step)] },
      },
      [[], ...lines.map(() => [])] as uPlot.AlignedData,
      holder,
    );
    plot.current = made;
    const go = ({ offsetX }: MouseEvent) => latest.current.onStep(Math.max(0, Math.round(made.posToVal(offsetX, "x"))));
    made.over.addEventListener("click", go);
    const room = new ResizeObserver(() => made.setSize({ width: holder.clientWidth, height: HEIGHT }));
    room.observe(holder);
    return () => {
      room.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [look]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew wants its data again
  useEffect(() => {
    plot.current?.setData([steps, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData);
  }, [steps, lines, look]);

  const now = useStore(theme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are another theme's, the line another step's
  useEffect(() => plot.current?.redraw(false), [now, step, total]);
  return <div ref={place} className="chart" aria-hidden="true" />;
}

function axis({ grid = true, ...options }: Omit<uPlot.Axis, "grid"> & { grid?: boolean }): uPlot.Axis {
  const faint = { stroke: () => colour("--line"), width: 1 };
  return {
    stroke: () => colour("--ink3"),
    font: FONT,
    ticks: { show: false },
    grid: { show: grid, ...faint },
    ...options,
  };
}

function seriesOf({ label, look, colour: name }: Line): uPlot.Series {
  const stroke = () => colour(name);
  if (look === "dots") {
    return { label, stroke, paths: () => null, points: { show: true, size: 5, fill: stroke, stroke, width: 0 } };
  }
  const dash = look === "dashed" ? { dash: [6, 4] } : {};
  const lone = {
    show: (_: uPlot, series: number) => Array.from(_.data[series]).filter((value) => value != null).length < 3,
    size: 5,
    fill: stroke,
  };
  return { label, stroke, width: 2, spanGaps: true, points: lone, ...dash };
}

function drawScrubber({ ctx, bbox, valToPos }: uPlot, step: number): void {
  const x = Math.round(valToPos(step, "x", true));
  ctx.save();
  ctx.strokeStyle = colour("--q");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
