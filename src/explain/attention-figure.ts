import { LABEL, NAME, SUBTITLE, TITLE } from "../charts/palette.ts";
import { element } from "../charts/svg.ts";
import { svgDocument } from "../charts/svg-document.ts";
import { drawText, type TextStyle, textBlock, textWidth } from "../charts/text-block.ts";
import { AttentionError, type ExplainedText, type Mask } from "./attention-map.ts";
import { type AttentionChoice, type AttentionView, attentionViews } from "./attention-view.ts";
import type { Drawing } from "./drawing.ts";
import { drawCells } from "./heat-map.ts";
import { type DrawnLines, linesOf } from "./line-figure.ts";
import { flowOf } from "./pooling-flow.ts";
import { WeightScale } from "./ramp.ts";
import { drawLegend, LEGEND_HEIGHT } from "./scale-legend.ts";
import { fitsLevel, leftAxis, topAxis } from "./token-axis.ts";
import { exampleOf, headingOf, type Language, readingOf, titleOf, WORDING, type Wording } from "./wording.ts";

/** Which attention a figure shows, and in which language its labels are. */
export interface AttentionFigureOptions extends AttentionChoice {
  /** Default: `en`. */
  readonly language?: Language;
  /** Width on paper; then the view box is in millimetres. Default: pixels. */
  readonly millimetres?: number;
  /** Whether the largest weight of each row has the strongest colour. Default: no, so that maps can be compared. */
  readonly fitRows?: boolean;
  /** What the title calls a single map. Default: what it was chosen by. */
  readonly named?: Pick<AttentionView, "layer" | "head" | "of">;
  /** Draws a single map as lines between its words. */
  readonly lines?: DrawnLines;
}

const MARGIN = 24;
const NARROWEST = 440;
/** The most tokens that a picture can show on one axis. */
const LONGEST = 256;

/** The colours of who asks and what is looked at. */
const ASKS: TextStyle = { ...LABEL, weight: 650, fill: "#c81542" };
const LOOKED_AT: TextStyle = { ...LABEL, weight: 650, fill: "#005a71" };

/**
 * Draws attention as a standalone SVG document: one map, or small maps of all layers and heads side by side. No script,
 * no style sheet, nothing from elsewhere; equal attention gives equal text.
 *
 * @throws {AttentionError} when there is no such attention, or more tokens than a picture can show
 */
export function attentionFigure(explained: ExplainedText, options: AttentionFigureOptions = {}): string {
  const views = attentionViews(explained, options);
  const { language = "en", millimetres, fitRows = false, lines, named } = options;
  const wording = WORDING[language];
  const [first] = views;
  const drawing =
    first.kind === "pooling"
      ? flowOf(first)
      : views.length === 1
        ? lines
          ? linesOf(first, lines, wording, { asks: ASKS, looked: LOOKED_AT })
          : singleMap(first, wording, fitRows)
        : smallMaps(views, wording, fitRows);

  const width = Math.ceil(Math.max(NARROWEST, drawing.width));
  const together = lines !== undefined && lines.heads.length > 1;
  const heading = together
    ? wording.kinds[first.kind]
    : titleOf(views.length === 1 ? [{ ...first, ...named }] : views, wording);
  const title = textBlock(heading, TITLE, width);
  const example = textBlock(exampleOf(explained, wording), SUBTITLE, width);
  const reading = textBlock(readingOf(first, wording), SUBTITLE, width);
  const top = MARGIN + title.height + example.height + reading.height + 16;
  const legendTop = top + drawing.height + 20;
  const paper = {
    width: width + 2 * MARGIN,
    height: Math.ceil(legendTop + LEGEND_HEIGHT + MARGIN),
    millimetres,
  };
  return svgDocument(
    paper,
    { language, title: heading, description: `${exampleOf(explained, wording)}. ${readingOf(first, wording)}` },
    [
      drawText(title, MARGIN, MARGIN),
      drawText(example, MARGIN, MARGIN + title.height),
      drawText(reading, MARGIN, MARGIN + title.height + example.height),
      drawing.draw(MARGIN, top),
      drawing.legend?.(MARGIN + 6, legendTop) ??
        drawLegend(drawing.scale, MARGIN + 6, legendTop, {
          top: fitRows ? wording.fitRows : undefined,
          masks: masksOf(views).map((mask) => [mask, wording.masks[mask]]),
        }),
    ],
  );
}

/** One map, large, with figures in its cells. */
function singleMap(view: AttentionView, wording: Wording, fitRows: boolean): Drawing {
  const longest = checkedLength([view]);
  const cell = cellFor(view, longest);
  const style = cell < 22 ? { ...LABEL, fill: NAME.fill } : NAME;
  const rows = leftAxis(view.queries, cell, style);
  const columns = topAxis(view.keys, cell, style);
  const [keys, queries] = [wording.keys, wording.queries[view.kind]];
  // The corner says which way to read: a diagonal, the columns' title above it, the rows' below.
  const head = Math.max(columns.extent, 64);
  const beside = head / (head - LABEL.line - 8);
  const left = Math.max(rows.extent, beside * textWidth(keys, ASKS), beside * textWidth(queries, ASKS));
  const scale = WeightScale.of(view);
  const [width, height] = [view.keys.tokens.length * cell, view.queries.tokens.length * cell];
  return {
    width: left + width + columns.overhang,
    height: head + height,
    scale,
    draw: (x, y) =>
      element("g", {}, [
        element("line", { x1: x, y1: y, x2: x + left - 6, y2: y + head - 6, stroke: "#ced9db" }),
        drawText(textBlock(keys, LOOKED_AT), x + left - 6, y, "end"),
        drawText(textBlock(queries, ASKS), x, y + head - 6 - LABEL.line),
        rows.draw(x + left, y + head),
        columns.draw(x + left, y + head),
        drawCells(view, {
          x: x + left,
          y: y + head,
          cell,
          gap: 1.2,
          scale,
          titles: true,
          numbers: cell >= 26,
          fitRows,
        }),
      ]),
  };
}

/** The side of a cell: about a page for the map, and for a few tokens as wide as their labels are. */
function cellFor({ keys }: AttentionView, longest: number): number {
  const wide = [44, 52, 60].find((cell) => fitsLevel(keys, cell, NAME));
  return Math.max(18, Math.min(wide ?? 44, 640 / longest));
}

const BETWEEN = 18;
const HEADING = 22;

/** Small maps: a row a layer and a column a head, or in reading order where only one of them differs. */
function smallMaps(views: readonly AttentionView[], wording: Wording, fitRows: boolean): Drawing {
  const longest = checkedLength(views);
  const [{ queries, keys, kind }] = views;
  const cell = longest <= 6 ? 20 : longest <= 24 ? 13 : longest <= 48 ? 9 : 4;
  const labelled = cell >= 9;
  const style: TextStyle = cell >= 13 ? { ...NAME, size: 11, line: 13 } : { ...NAME, size: 8.5, line: 9 };
  const rows = leftAxis(queries, cell, style);
  const columns = topAxis(keys, cell, style);
  const panel = { width: Math.max(110, keys.tokens.length * cell), height: queries.tokens.length * cell };
  const layers = new Set(views.map(({ layer }) => layer)).size;
  const across =
    layers > 1 && views.length > layers ? views.length / layers : Math.min(views.length, fitting(panel.width));
  const down = Math.ceil(views.length / across);
  const left = labelled ? rows.extent : 0;
  const head = labelled ? columns.extent : 0;
  const scale = WeightScale.of(views[0]);
  const titles = views.length * keys.tokens.length * queries.tokens.length <= 20_000;
  const axes = textBlock(`${wording.queries[kind]} ↓`, ASKS);
  return {
    width: left + across * (panel.width + BETWEEN) - BETWEEN + (labelled ? columns.overhang : 0),
    height: LABEL.line + 6 + head + down * (HEADING + panel.height + BETWEEN) - BETWEEN,
    scale,
    draw: (x, y) => {
      const under = y + LABEL.line + 6;
      return element("g", {}, [
        drawText(axes, x, y),
        drawText(textBlock(`${wording.keys} →`, LOOKED_AT), x + axes.width + 20, y),
        ...views.flatMap((view, i) => {
          const [row, column] = [Math.floor(i / across), i % across];
          const at = {
            x: x + left + column * (panel.width + BETWEEN),
            y: under + head + HEADING + row * (HEADING + panel.height + BETWEEN),
          };
          const above = at.y - HEADING - (row === 0 ? head : 0);
          return [
            drawText(textBlock(headingOf(view, views, wording), { ...LABEL, fill: NAME.fill }), at.x, above),
            ...(labelled && column === 0 ? [rows.draw(at.x, at.y)] : []),
            ...(labelled && row === 0 ? [columns.draw(at.x, at.y)] : []),
            drawCells(view, { ...at, cell, gap: cell < 9 ? 0 : 0.6, scale, titles, numbers: false, fitRows }),
          ];
        }),
      ]);
    },
  };
}

/** How many panels of a width stand side by side on a page. */
function fitting(width: number): number {
  return Math.max(1, Math.floor((1100 + BETWEEN) / (width + BETWEEN)));
}

/** The masks that are seen in some maps. */
function masksOf(views: readonly AttentionView[]): Mask[] {
  const future = views.some(({ kind }) => kind === "decoder");
  const padding = views.some(({ keys }) => keys.tokens.some((token) => token.padding));
  return [...(future ? (["future"] as const) : []), ...(padding ? (["padding"] as const) : [])];
}

function checkedLength(views: readonly AttentionView[]): number {
  const longest = Math.max(...views.flatMap(({ queries, keys }) => [queries.tokens.length, keys.tokens.length]));
  if (longest <= LONGEST) return longest;
  throw new AttentionError(
    `a picture shows at most ${LONGEST} tokens on an axis; here are ${longest}: show words, or take the numbers (JSON)`,
  );
}
