import { LABEL, NAME } from "../charts/palette.ts";
import { element } from "../charts/svg.ts";
import { drawText, type TextStyle, textBlock, textWidth } from "../charts/text-block.ts";
import type { AttentionView } from "./attention-view.ts";
import type { Drawing } from "./drawing.ts";
import { headColour } from "./head-colours.ts";
import { WeightScale } from "./ramp.ts";
import { percentOf, type Wording } from "./wording.ts";

/** Which lines are drawn, and of which row as ribbons. */
export interface DrawnLines {
  /** One, or several together. */
  readonly heads: readonly DrawnHead[];
  /** The row whose lines are ribbons in the colours of their weights, or of their heads; the others are grey and thin. */
  readonly row?: number;
}

interface DrawnHead {
  /** The weights that are drawn, `[rows, columns]`; 0 where there is no line. */
  readonly kept: ArrayLike<number>;
  /** Its name where several are drawn. */
  readonly name: string;
}

interface Axes {
  readonly asks: TextStyle;
  readonly looked: TextStyle;
}

/** How wide 100 % is: of the ribbons of one head, of each of several, and of the thin lines. */
const [BAR, BARS, THIN] = [30, 15, 7];
const [LINE, TITLES, BETWEEN] = [28, 28, 300];

/** Attention as lines from the words that ask, on the left, to those that are looked at. */
export function linesOf(view: AttentionView, { heads, row }: DrawnLines, wording: Wording, axes: Axes): Drawing {
  const several = heads.length > 1;
  const bar = several ? BARS : BAR;
  const scale = WeightScale.of(view);
  const [asks, looked] = [view.queries.tokens, view.keys.tokens];
  const widest = (texts: readonly string[], style: TextStyle) =>
    Math.max(...texts.map((text) => textWidth(text, style)));
  const [asksTitle, lookedTitle] = [wording.queries[view.kind], wording.keys];
  const names = (tokens: typeof asks) => tokens.map(({ text }) => text);
  const left = Math.max(widest(names(asks), NAME), textWidth(asksTitle, axes.asks)) + 12;
  const right = Math.max(widest(names(looked), NAME) + 60, textWidth(lookedTitle, axes.looked)) + 12;
  const most = Math.max(asks.length, looked.length);
  const middle = (place: number, count: number) => TITLES + ((most - count) * LINE) / 2 + LINE * (place + 0.5);
  const at = (i: number, j: number) => i * looked.length + j;

  const draw = (x: number, y: number): string => {
    const [from, to] = [x + left, x + left + BETWEEN];
    const line = (y0: number, y1: number, attributes: Record<string, string | number>) => {
      const bend = (from + to) / 2;
      const d = `M${from} ${y0.toFixed(2)}C${bend} ${y0.toFixed(2)} ${bend} ${y1.toFixed(2)} ${to} ${y1.toFixed(2)}`;
      return element("path", { d, fill: "none", ...attributes });
    };
    const thin = heads.flatMap(({ kept }) =>
      asks.flatMap((_, i) =>
        looked.map((_, j) => {
          const weight = kept[at(i, j)];
          if (i === row || weight === 0) return "";
          return line(y + middle(i, asks.length), y + middle(j, looked.length), {
            stroke: "#728488",
            "stroke-opacity": row === undefined ? 0.6 : 0.22,
            "stroke-width": Math.max(0.4, THIN * weight).toFixed(2),
          });
        }),
      ),
    );
    const ribbons = (row: number) => {
      let top = y + middle(row, asks.length) - (bar * heads.length) / 2;
      return heads.flatMap(({ kept }, head) => {
        let start = top;
        top += bar;
        return looked.map((_, j) => {
          const share = kept[at(row, j)];
          const from = start + (bar * share) / 2;
          // Where heads stand one below the other there is no room for what is not drawn.
          start += bar * (several ? share : view.weights[at(row, j)]);
          if (share === 0) return "";
          return line(from, y + middle(j, looked.length), {
            stroke: several ? headColour(head, "light") : scale.colour(Math.max(scale.weightAt(0.2), share)),
            "stroke-width": Math.max(1.1, bar * share).toFixed(2),
          });
        });
      });
    };
    const text = (name: string, style: TextStyle, at: { x: number; y: number }, anchor?: "end") =>
      drawText(textBlock(name, style), at.x, at.y - style.line / 2, anchor);
    return element("g", {}, [
      text(asksTitle, axes.asks, { x: from - 12, y: y + LABEL.line / 2 }, "end"),
      text(lookedTitle, axes.looked, { x: to + 12, y: y + LABEL.line / 2 }),
      ...thin,
      ...(row === undefined ? [] : ribbons(row)),
      ...asks.map(({ text: name }, i) => {
        const style = i === row ? { ...NAME, weight: 650, fill: axes.asks.fill } : NAME;
        return text(name, style, { x: from - 12, y: y + middle(i, asks.length) }, "end");
      }),
      ...looked.flatMap(({ text: name }, j) => {
        const place = { x: to + 12, y: y + middle(j, looked.length) };
        const share = row === undefined || several ? 0 : view.weights[at(row, j)];
        const beside = { x: place.x + textWidth(name, NAME) + 10, y: place.y };
        return [text(name, NAME, place), ...(share >= 0.005 ? [text(percentOf(share), LABEL, beside)] : [])];
      }),
    ]);
  };
  const size = { width: left + BETWEEN + right, height: TITLES + LINE * most };
  return { ...size, scale, draw, ...(several && { legend: (x, y) => headsLegend(heads, x, y) }) };
}

/** Which colour is which head. */
function headsLegend(heads: readonly DrawnHead[], x: number, y: number): string {
  let left = x;
  const marks = heads.map(({ name }, head) => {
    const at = left;
    left += 28 + textWidth(name, LABEL) + 20;
    return [
      element("rect", { x: at, y: y + 3, width: 20, height: 8, rx: 2, fill: headColour(head, "light") }),
      drawText(textBlock(name, LABEL), at + 28, y + 7 - LABEL.line / 2),
    ];
  });
  return element("g", {}, marks.flat());
}
