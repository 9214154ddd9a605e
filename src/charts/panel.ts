import type { Panel, Point } from "./chart.ts";
import { EDGE, GRID, HEADING, LABEL, TICK } from "./palette.ts";
import { type PlacedAxis, placeAxis } from "./placed-axis.ts";
import { drawSeries, isFinitePoint } from "./series.ts";
import type { SeriesLook } from "./series-look.ts";
import { element } from "./svg.ts";
import { drawText, type TextBlock, textBlock, textWidth } from "./text-block.ts";
import { isLog } from "./tick-sets.ts";

/** Where a panel stands: its upper left corner, its width, and the heights its neighbours share, in pixels. */
export interface PanelBox {
  x: number;
  y: number;
  width: number;
  /** Of the panel's title and the label of its upward axis. */
  head: number;
  /** Of the plotting area. */
  plot: number;
}

/** Pixels between the ends of the x axis and the outermost points. */
const INSET = 12;

/** Pixels between the label of the upward axis and the plotting area: its topmost tick stands half in it. */
const BELOW_HEAD = 14;

/** Title and label of the upward axis, to be set above the plotting area. */
function headOf(panel: Panel, width: number): { title: TextBlock; label: TextBlock } {
  return {
    title: textBlock(panel.title ?? "", HEADING, width),
    label: textBlock(panel.y.label, LABEL, width),
  };
}

/** How much room the text above the plotting area takes, in pixels. */
export function headHeight(panel: Panel, width: number): number {
  const { title, label } = headOf(panel, width);
  return title.height + label.height + BELOW_HEAD;
}

/** How much room the text below the plotting area takes, in pixels. */
export function footHeight(panel: Panel, width: number): number {
  return 8 + TICK.line + 4 + textBlock(panel.x.label, LABEL, width).height;
}

/** A panel as SVG. */
export function drawPanel(panel: Panel, looks: ReadonlyMap<string, SeriesLook>, box: PanelBox): string {
  const top = box.y + box.head;
  const bottom = top + box.plot;
  const points = panel.series.flatMap(({ points }) => points.filter(isFinitePoint));
  const y = placeAxis(
    panel.y,
    points.map(({ y }) => y),
    [bottom, top],
    Math.floor(box.plot / 52),
    () => 26,
  );
  const widest = Math.max(...y.ticks.map(({ label }) => textWidth(label, TICK)));
  const left = box.x + Math.min(widest + 8, box.width / 2);
  const right = box.x + box.width;
  const x = placeAxis(
    panel.x,
    points.map(({ x }) => x),
    [left + INSET, right - INSET],
    Math.floor((right - left) / 64),
    (label) => textWidth(label, TICK) + 12,
  );

  const { title, label } = headOf(panel, box.width);
  const foot = textBlock(panel.x.label, LABEL, right - left);
  return element("g", {}, [
    drawText(title, box.x, box.y),
    drawText(label, box.x, top - BELOW_HEAD - label.height),
    ...grid(panel, x, y, { left, right, top, bottom }),
    ...panel.series.map((series) => drawSeries(series, looks.get(series.name)!, x, y)),
    drawText(foot, (left + right) / 2, bottom + 8 + TICK.line + 4, "middle"),
  ]);
}

interface Edges {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Light lines at the ticks, across on every panel and upward over a log axis; then the axis and the labels. */
function grid(panel: Panel, x: PlacedAxis, y: PlacedAxis, { left, right, top, bottom }: Edges): string[] {
  const rule = (from: Point, to: Point, stroke: string) =>
    element("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke });
  return [
    ...y.ticks
      .filter(({ label }) => label !== "")
      .map(({ pixel }) => rule({ x: left, y: pixel }, { x: right, y: pixel }, GRID)),
    ...x.ticks
      .filter(({ label }) => isLog(panel.x) && label !== "")
      .map(({ pixel }) => rule({ x: pixel, y: top }, { x: pixel, y: bottom }, GRID)),
    rule({ x: left, y: bottom }, { x: right, y: bottom }, EDGE),
    ...x.ticks.map(({ pixel, label }) =>
      rule({ x: pixel, y: bottom }, { x: pixel, y: bottom + (label === "" ? 3 : 5) }, EDGE),
    ),
    ...y.ticks
      .filter(({ label }) => label === "")
      .map(({ pixel }) => rule({ x: left, y: pixel }, { x: left + 3, y: pixel }, EDGE)),
    ...y.ticks.map(({ pixel, label }) => drawText(textBlock(label, TICK), left - 8, pixel - TICK.line / 2, "end")),
    ...x.ticks.map(({ pixel, label }) => drawText(textBlock(label, TICK), pixel, bottom + 8, "middle")),
  ];
}
