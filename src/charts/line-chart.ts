import type { Axis, LineChart, Panel, Point, Series } from "./chart.ts";
import { legend } from "./legend.ts";
import { SUBTITLE, TITLE } from "./palette.ts";
import { drawPanel, footHeight, headHeight } from "./panel.ts";
import { isFinitePoint } from "./series.ts";
import { seriesLook } from "./series-look.ts";
import { svgDocument } from "./svg-document.ts";
import { drawText, textBlock } from "./text-block.ts";
import { isLog } from "./tick-sets.ts";

const MARGIN = 24;
const BETWEEN_PANELS = 40;

/**
 * Draws a line chart as a standalone SVG document: no script, no style sheet, nothing from elsewhere.
 *
 * What has no finite point is left out: a point, a series, a panel. Equal charts give equal text.
 *
 * @throws RangeError when nothing is left, when a log axis meets a number that is not above zero, or when an axis ends
 *   where it starts
 */
export function lineChart(chart: LineChart): string {
  const panels = drawable(chart);
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const looks = new Map(names.map((name, place) => [name, seriesLook(place)]));

  const panelWidth = panels.length === 1 ? 592 : 400;
  const plot = panels.length === 1 ? 300 : 260;
  const width = panels.length * (panelWidth + BETWEEN_PANELS) - BETWEEN_PANELS;
  const title = textBlock(chart.title, TITLE, width);
  const subtitle = textBlock(chart.subtitle ?? "", SUBTITLE, width);
  const key = legend(looks, width);
  const head = Math.max(...panels.map((panel) => headHeight(panel, panelWidth)));
  const foot = Math.max(...panels.map((panel) => footHeight(panel, panelWidth)));

  const keyTop = MARGIN + title.height + subtitle.height + 12;
  const panelTop = keyTop + key.height + 20;
  const height = panelTop + head + plot + foot + MARGIN;
  const paper = { width: width + 2 * MARGIN, height };
  return svgDocument(paper, { title: chart.title, description: chart.description ?? describe(panels) }, [
    drawText(title, MARGIN, MARGIN),
    drawText(subtitle, MARGIN, MARGIN + title.height),
    key.draw(MARGIN, keyTop),
    ...panels.map((panel, index) =>
      drawPanel(panel, looks, {
        x: MARGIN + index * (panelWidth + BETWEEN_PANELS),
        y: panelTop,
        width: panelWidth,
        head,
        plot,
      }),
    ),
  ]);
}

/** The panels and series that have a point. */
function drawable(chart: LineChart): Panel[] {
  const panels = chart.panels
    .map((panel) => ({ ...panel, series: panel.series.filter(({ points }) => points.some(isFinitePoint)) }))
    .filter(({ series }) => series.length > 0);
  if (panels.length === 0) {
    throw new RangeError(`lineChart: ${JSON.stringify(chart.title)} has no finite point in any panel; nothing to draw`);
  }
  for (const { series, x, y } of panels) {
    checkLog(series, x, (point) => point.x);
    checkLog(series, y, (point) => point.y);
  }
  return panels;
}

/** Refuses what a log axis cannot show. */
function checkLog(series: readonly Series[], axis: Axis, value: (point: Point) => number): void {
  if (!isLog(axis)) return;
  for (const { name, points } of series) {
    const wrong = points
      .filter(isFinitePoint)
      .map(value)
      .find((value) => value <= 0);
    if (wrong === undefined) continue;
    throw new RangeError(
      `lineChart: the series ${JSON.stringify(name)} has ${wrong} on ${JSON.stringify(axis.label)}, a log axis; ` +
        "it shows numbers above 0: leave the point out or choose a linear scale",
    );
  }
}

/** Every line with its first and last point, for those who do not see it. */
function describe(panels: readonly Panel[]): string {
  const said = (value: number, axis: Axis) => axis.format?.(value) ?? String(Number(value.toPrecision(4)));
  return panels
    .map((panel) => {
      const lines = panel.series.map(({ name, points }) => {
        const finite = points.filter(isFinitePoint);
        const ends = finite.length === 1 ? finite : [finite[0]!, finite.at(-1)!];
        return `${name}: ${ends.map((point) => `${said(point.y, panel.y)} at ${said(point.x, panel.x)}`).join(", ")}`;
      });
      return `${panel.title ? `${panel.title}. ` : ""}${panel.y.label} by ${panel.x.label}. ${lines.join("; ")}.`;
    })
    .join(" ");
}
