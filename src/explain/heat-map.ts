import { element, escaped, hundredths } from "../charts/svg.ts";
import { type Mask, maskOf } from "./attention-map.ts";
import type { AttentionView } from "./attention-view.ts";
import type { WeightScale } from "./ramp.ts";
import { percentOf } from "./wording.ts";

/** Where the cells of a map stand and what they show. */
export interface CellsLook {
  x: number;
  y: number;
  /** Side of a cell in pixels. */
  cell: number;
  /** Between cells. */
  gap: number;
  scale: WeightScale;
  /** Whether each cell tells its words and its weight to a pointer and to a screen reader. */
  titles: boolean;
  /** Whether weights from 3 % on are written into their cells. */
  numbers: boolean;
  /** Whether the largest weight of each row has the strongest colour, instead of all weights being comparable. */
  fitRows?: boolean;
}

const MASK = "#ebedee";
const MASK_INK = "#8c9495";
const FROM = 0.03;

/** The cells of a map as SVG. */
export function drawCells(view: AttentionView, look: CellsLook): string {
  const columns = view.keys.tokens.length;
  const tops = look.fitRows ? rowTops(view) : undefined;
  const seen: Cell[] = [];
  const hidden: Record<Mask, Cell[]> = { future: [], padding: [] };
  view.weights.forEach((weight, i) => {
    const [query, key] = [Math.floor(i / columns), i % columns];
    const shade = weight / (tops?.[query] ?? 1);
    const cell = { query, key, weight, shade, x: look.x + key * look.cell, y: look.y + query * look.cell };
    const mask = maskOf(view, query, key);
    (mask ? hidden[mask] : seen).push(cell);
  });
  const masks = (["future", "padding"] as const).filter((mask) => hidden[mask].length > 0);
  return element("g", {}, [
    ...(look.titles ? titled(seen, view, look) : byColour(seen, look)),
    ...masks.map((mask) => drawHidden(hidden[mask], mask, look)),
    ...(look.numbers ? numbers(seen, look) : []),
  ]);
}

/** The largest weight of each row. */
export function rowTops({ weights, keys }: Pick<AttentionView, "weights" | "keys">): number[] {
  const columns = keys.tokens.length;
  return Array.from({ length: weights.length / columns }, (_, row) =>
    Math.max(...weights.subarray(row * columns, (row + 1) * columns)),
  );
}

interface Cell {
  query: number;
  key: number;
  weight: number;
  /** The weight that its colour shows. */
  shade: number;
  x: number;
  y: number;
}

/** Cells one by one, each with its words and its weight. */
function titled(cells: readonly Cell[], { queries, keys }: AttentionView, { cell, gap, scale }: CellsLook): string[] {
  return cells.map(({ query, key, weight, shade, x, y }) => {
    const said = `${queries.tokens[query].text} → ${keys.tokens[key].text}: ${percentOf(weight)}`;
    const side = cell - gap;
    const box = { x: x + gap / 2, y: y + gap / 2, width: side, height: side };
    const round = cell < 18 ? undefined : 2;
    return element("rect", { ...box, rx: round, fill: scale.colour(shade) }, [element("title", {}, [escaped(said)])]);
  });
}

/** Cells of one colour as one path: for maps with very many. */
function byColour(cells: readonly Cell[], { cell, gap, scale }: CellsLook): string[] {
  const paths = new Map<string, string>();
  for (const { shade, x, y } of cells) {
    const colour = scale.colour(shade);
    paths.set(colour, (paths.get(colour) ?? "") + square(x, y, cell, gap));
  }
  return [...paths].map(([fill, d]) => element("path", { d, fill }));
}

function square(x: number, y: number, cell: number, gap: number): string {
  const side = hundredths(cell - gap);
  return `M${hundredths(x + gap / 2)},${hundredths(y + gap / 2)}h${side}v${side}h-${side}z`;
}

/** Cells that a mask hides: a pattern, so that nobody takes them for a weight of zero. */
export function drawHidden(
  cells: readonly Pick<Cell, "x" | "y">[],
  mask: Mask,
  { cell, gap }: Pick<CellsLook, "cell" | "gap">,
): string {
  const side = cell - gap;
  const draw = mask === "future" ? hatch : dots;
  const pen =
    mask === "future" ? { fill: "none", stroke: MASK_INK, "stroke-width": cell < 18 ? 0.5 : 0.85 } : { fill: MASK_INK };
  return element("g", {}, [
    element("path", { d: cells.map(({ x, y }) => square(x, y, cell, gap)).join(""), fill: MASK }),
    element("path", { d: cells.map(({ x, y }) => draw(x + gap / 2, y + gap / 2, side)).join(""), ...pen }),
  ]);
}

/** Lines at 45° about 7 pixels apart, cut at the edges of a square. */
function hatch(left: number, top: number, side: number): string {
  const count = Math.max(1, Math.round((side * Math.SQRT2) / 7) - 1);
  return Array.from({ length: count }, (_, i) => {
    const reach = (2 * side * (i + 1)) / (count + 1);
    const [low, high] = [Math.min(reach, side), Math.max(0, reach - side)];
    return `M${hundredths(left + high)},${hundredths(top + low)}L${hundredths(left + low)},${hundredths(top + high)}`;
  }).join("");
}

/** Dots about 4 pixels apart, every other row between those above. */
function dots(left: number, top: number, side: number): string {
  const count = Math.max(1, Math.floor(side / 4.2));
  const [step, radius] = [side / count, Math.min(1, side / 5)];
  const round = `a${hundredths(radius)},${hundredths(radius)} 0 1 0`;
  const marks: string[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = row % 2; column < count; column += 2) {
      const [x, y] = [left + (column + 0.5) * step - radius, top + (row + 0.5) * step];
      const across = hundredths(2 * radius);
      marks.push(`M${hundredths(x)},${hundredths(y)}${round} ${across},0${round} -${across},0z`);
    }
  }
  return marks.join("");
}

function numbers(cells: readonly Cell[], { cell, scale }: CellsLook): string[] {
  const size = Math.min(13, 0.38 * cell);
  return cells
    .filter(({ weight }) => weight >= FROM)
    .map(({ weight, shade, x, y }) =>
      element(
        "text",
        {
          x: x + cell / 2,
          y: y + cell / 2 + 0.36 * size,
          "font-size": size,
          "font-weight": weight >= 0.5 ? 650 : 450,
          fill: scale.ink(shade),
          "text-anchor": "middle",
          "pointer-events": "none",
        },
        [String(Math.round(100 * weight))],
      ),
    );
}
