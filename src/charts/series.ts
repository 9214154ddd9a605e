import { line as lineShape, symbol } from "d3-shape";
import type { Point, Series } from "./chart.ts";
import { PAPER } from "./palette.ts";
import type { PlacedAxis } from "./placed-axis.ts";
import type { SeriesLook } from "./series-look.ts";
import { element, escaped } from "./svg.ts";

/** The line, cut where the axes end, and its marks. */
export function drawSeries(series: Series, look: SeriesLook, x: PlacedAxis, y: PlacedAxis): string {
  // Half a stroke more on each side: a line along the end of an axis stays whole.
  const [left, right] = [x.pixels[0] - 2, x.pixels[1] + 2];
  const [bottom, top] = [y.pixels[0] + 2, y.pixels[1] - 2];
  const path = lineShape<Point>(
    (point) => x.place(point.x) - left,
    (point) => y.place(point.y) - top,
  )
    .defined(isFinitePoint)
    .digits(2)(series.points);
  const marks = markedPoints(series.points, x).filter((point) => x.covers(point.x) && y.covers(point.y));
  return element("g", {}, [
    element("title", {}, [escaped(series.name)]),
    element("svg", { x: left, y: top, width: right - left, height: bottom - top }, [drawLine(path ?? "", look)]),
    ...marks.map((point) => drawMark(look, x.place(point.x), y.place(point.y))),
  ]);
}

/** A path in the colour and dashes of a series. */
export function drawLine(path: string, look: SeriesLook): string {
  return element("path", {
    d: path,
    fill: "none",
    stroke: look.colour,
    "stroke-width": 2,
    "stroke-linecap": look.dashes === undefined ? "round" : "butt",
    "stroke-linejoin": "round",
    "stroke-dasharray": look.dashes,
  });
}

/** The mark of a series at a pixel, with an edge of paper that sets it off from lines below. */
export function drawMark(look: SeriesLook, x: number, y: number): string {
  return element("path", {
    d: symbol(look.mark, look.markArea).digits(2)() ?? "",
    transform: `translate(${Number(x.toFixed(2))} ${Number(y.toFixed(2))})`,
    fill: look.colour,
    stroke: PAPER,
    "stroke-width": 1.2,
  });
}

/** The points that carry a mark: all, or about every 24 pixels when there are more than 30. */
function markedPoints(points: readonly Point[], x: PlacedAxis): Point[] {
  const finite = points.filter(isFinitePoint);
  if (finite.length <= 30) return finite;
  let last = Number.NEGATIVE_INFINITY;
  return points.filter((point, index) => {
    if (!isFinitePoint(point)) return false;
    const alone = [points[index - 1], points[index + 1]].every((other) => other === undefined || !isFinitePoint(other));
    const pixel = x.place(point.x);
    if (!alone && Math.abs(pixel - last) < 24) return false;
    last = pixel;
    return true;
  });
}

export function isFinitePoint({ x, y }: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}
