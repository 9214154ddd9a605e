import { LABEL, NAME } from "../charts/palette.ts";
import { element } from "../charts/svg.ts";
import { drawText, type TextStyle, textBlock, textWidth } from "../charts/text-block.ts";
import type { AttentionView } from "./attention-view.ts";
import type { Drawing } from "./drawing.ts";
import { WeightScale } from "./ramp.ts";
import { percentOf, type Wording } from "./wording.ts";

/** Which lines are drawn, and of which row as ribbons. */
export interface DrawnLines {
  /** The weights that are drawn, `[rows, columns]`; 0 where there is no line. */
  readonly kept: ArrayLike<number>;
  /** The row whose lines are ribbons in the colours of their weights; the others are grey and thin. */
  readonly row?: number;
}

interface Axes {
  readonly asks: TextStyle;
  readonly looked: TextStyle;
}

/** How wide 100 % is: of the ribbons, and of the thin lines. */
const [BAR, THIN] = [30, 7];
const [LINE, TITLES, BETWEEN] = [28, 28, 300];

/** Attention as lines from the words that ask, on the left, to those that are looked at. */
export function linesOf(view: AttentionView, { kept, row }: DrawnLines, wording: Wording, axes: Axes): Drawing {
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
  const weight = (i: number, j: number) => kept[i * looked.length + j];

  const draw = (x: number, y: number): string => {
    const [from, to] = [x + left, x + left + BETWEEN];
    const line = (y0: number, y1: number, attributes: Record<string, string | number>) => {
      const bend = (from + to) / 2;
      const d = `M${from} ${y0.toFixed(2)}C${bend} ${y0.toFixed(2)} ${bend} ${y1.toFixed(2)} ${to} ${y1.toFixed(2)}`;
      return element("path", { d, fill: "none", ...attributes });
    };
    const thin = asks.flatMap((_, i) =>
      looked.map((_, j) => {
        if (i === row || weight(i, j) === 0) return "";
        const width = Math.max(0.4, THIN * weight(i, j)).toFixed(2);
        const ends = [y + middle(i, asks.length), y + middle(j, looked.length)] as const;
        return line(...ends, {
          stroke: "#728488",
          "stroke-opacity": row === undefined ? 0.6 : 0.22,
          "stroke-width": width,
        });
      }),
    );
    let top = row === undefined ? 0 : y + middle(row, asks.length) - BAR / 2;
    const ribbons =
      row === undefined
        ? []
        : looked.map((_, j) => {
            const share = weight(row, j);
            const start = top + (BAR * share) / 2;
            top += BAR * view.weights[row * looked.length + j];
            if (share === 0) return "";
            const stroke = scale.colour(Math.max(scale.weightAt(0.2), share));
            return line(start, y + middle(j, looked.length), {
              stroke,
              "stroke-width": Math.max(1.1, BAR * share).toFixed(2),
            });
          });
    const text = (name: string, style: TextStyle, at: { x: number; y: number }, anchor?: "end") =>
      drawText(textBlock(name, style), at.x, at.y - style.line / 2, anchor);
    return element("g", {}, [
      text(asksTitle, axes.asks, { x: from - 12, y: y + LABEL.line / 2 }, "end"),
      text(lookedTitle, axes.looked, { x: to + 12, y: y + LABEL.line / 2 }),
      ...thin,
      ...ribbons,
      ...asks.map(({ text: name }, i) => {
        const style = i === row ? { ...NAME, weight: 650, fill: axes.asks.fill } : NAME;
        return text(name, style, { x: from - 12, y: y + middle(i, asks.length) }, "end");
      }),
      ...looked.flatMap(({ text: name }, j) => {
        const at = { x: to + 12, y: y + middle(j, looked.length) };
        const share = row === undefined ? 0 : view.weights[row * looked.length + j];
        const beside = { x: at.x + textWidth(name, NAME) + 10, y: at.y };
        return [text(name, NAME, at), ...(share >= 0.005 ? [text(percentOf(share), LABEL, beside)] : [])];
      }),
    ]);
  };
  return { width: left + BETWEEN + right, height: TITLES + LINE * most, scale, draw };
}
