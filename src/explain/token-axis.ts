import { element, escaped, hundredths } from "../charts/svg.ts";
import { drawText, type TextStyle, textBlock, textWidth } from "../charts/text-block.ts";
import type { Sentence } from "./attention-map.ts";

/** How labels slant where they do not fit their columns, in degrees; where even these would touch, they stand upright. */
const SLANT = 46;
const UPRIGHT = 90;
/** Pixels between labels and cells: room for the lines that tie the tokens of a word. */
const GAP = 9;
const TIE = "#728488";

/** The tokens of a sentence along an edge of a map. */
export interface TokenAxis {
  /** Pixels that it takes across its direction. */
  extent: number;
  /** Pixels by which labels reach over the end of the axis. */
  overhang: number;
  /** As SVG, where the first cell begins. */
  draw: (x: number, y: number) => string;
}

/** Columns: above the cells, level where every label fits its cell, or else turned. */
export function topAxis(sentence: Sentence, cell: number, style: TextStyle): TokenAxis {
  const widths = sentence.tokens.map(({ text }) => textWidth(text, style));
  const level = fitsLevel(sentence, cell, style);
  const angle = cell > 1.45 * style.size ? SLANT : UPRIGHT;
  const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
  const reach = widths.map((width) => (level ? width / 2 : width * cos + style.size * sin));
  const past = reach.map((pixels, i) => pixels - (sentence.tokens.length - i - 0.5) * cell);
  return {
    extent: GAP + (level ? style.line : Math.max(...widths) * sin + style.size * cos),
    overhang: Math.max(0, ...past),
    draw: (x, y) =>
      element("g", {}, [
        ...sentence.tokens.map(({ text }, i) => {
          const middle = x + (i + 0.5) * cell;
          if (level) return drawText(textBlock(text, style), middle, y - GAP - style.line, "middle");
          const [left, base] = [middle + 0.3 * style.size, y - GAP];
          return element(
            "text",
            {
              transform: `translate(${hundredths(left)} ${hundredths(base)}) rotate(-${angle})`,
              "font-size": style.size,
              "font-weight": style.weight,
              fill: style.fill,
            },
            [escaped(text)],
          );
        }),
        ...ties(sentence).map(([from, to]) =>
          tie({ x1: x + from * cell + 2, y1: y - 4, x2: x + to * cell - 2, y2: y - 4 }),
        ),
      ]),
  };
}

/** Whether every label stands level in a column as wide as a cell. */
export function fitsLevel({ tokens }: Sentence, cell: number, style: TextStyle): boolean {
  return tokens.every(({ text }) => textWidth(text, style) <= cell - 6);
}

/** Rows: left of the cells. */
export function leftAxis(sentence: Sentence, cell: number, style: TextStyle): TokenAxis {
  return {
    extent: GAP + Math.max(...sentence.tokens.map(({ text }) => textWidth(text, style))),
    overhang: 0,
    draw: (x, y) =>
      element("g", {}, [
        ...sentence.tokens.map(({ text }, i) =>
          drawText(textBlock(text, style), x - GAP, y + (i + 0.5) * cell - style.line / 2, "end"),
        ),
        ...ties(sentence).map(([from, to]) =>
          tie({ x1: x - 4, y1: y + from * cell + 2, x2: x - 4, y2: y + to * cell - 2 }),
        ),
      ]),
  };
}

function tie(ends: { x1: number; y1: number; x2: number; y2: number }): string {
  return element("line", { ...ends, stroke: TIE, "stroke-width": 1.4 });
}

/** From where to where the words of several tokens go. */
function ties({ tokens, words }: Sentence): [from: number, to: number][] {
  return words.flatMap((_, number) => {
    const from = tokens.findIndex(({ word }) => word === number);
    const to = tokens.findLastIndex(({ word }) => word === number) + 1;
    return to - from > 1 ? [[from, to] as [number, number]] : [];
  });
}
