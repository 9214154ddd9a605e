import { element, escaped, hundredths } from "../charts/svg.ts";
import { isHidden } from "./attention-map.ts";
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
}

const MASK = "#ebedee";
const MASK_INK = "#8c9495";
const FROM = 0.03;

/** The cells of a map as SVG. */
export function drawCells(view: AttentionView, look: CellsLook): string {
  const columns = view.keys.tokens.length;
  const seen: Cell[] = [];
  const hidden: Cell[] = [];
  view.weights.forEach((weight, i) => {
    const [query, key] = [Math.floor(i / columns), i % columns];
    const cell = { query, key, weight, x: look.x + key * look.cell, y: look.y + query * look.cell };
    (isHidden(view, query, key) ? hidden : seen).push(cell);
  });
  return element("g", {}, [
    ...(look.titles ? titled(seen, view, look) : byColour(seen, look)),
    ...(hidden.length > 0 ? [drawHidden(hidden, look)] : []),
    ...(look.numbers ? numbers(seen, look) : []),
  ]);
}

interface Cell {
  query: number;
  key: number;
  weight: number;
  x: number;
  y: number;
}

/** Cells one by one, each with its words and its weight. */
function titled(cells: readonly Cell[], { queries, keys }: AttentionView, { cell, gap, scale }: CellsLook): string[] {
  return cells.map(({ query, key, weight, x, y }) => {
    const said = `${queries.tokens[query].text} → ${keys.tokens[key].text}: ${percentOf(weight)}`;
    const side = cell - gap;
    const box = { x: x + gap / 2, y: y + gap / 2, width: side, height: side };
    const round = cell < 18 ? undefined : 2;
    return element("rect", { ...box, rx: round, fill: scale.colour(weight) }, [element("title", {}, [escaped(said)])]);
  });
}

/** Cells of one colour as one path: for maps with very many. */
function byColour(cells: readonly Cell[], { cell, gap, scale }: CellsLook): string[] {
  const paths = new Map<string, string>();
  for (const { weight, x, y } of cells) {
    const colour = scale.colour(weight);
    paths.set(colour, (paths.get(colour) ?? "") + square(x, y, cell, gap));
  }
  return [...paths].map(([fill, d]) => element("path", { d, fill }));
}

function square(x: number, y: number, cell: number, gap: number): string {
  const side = hundredths(cell - gap);
  return `M${hundredths(x + gap / 2)},${hundredths(y + gap / 2)}h${side}v${side}h-${side}z`;
}

/** Cells that the look-ahead mask hides: a pattern, so that nobody takes them for a weight of zero. */
export function drawHidden(
  cells: readonly Pick<Cell, "x" | "y">[],
  { cell, gap }: Pick<CellsLook, "cell" | "gap">,
): string {
  const side = cell - gap;
  // Lines at 45° about 7 pixels apart, cut at the edges of the cell.
  const count = Math.max(1, Math.round((side * Math.SQRT2) / 7) - 1);
  const lines = cells.flatMap(({ x, y }) =>
    Array.from({ length: count }, (_, i) => {
      const reach = (2 * side * (i + 1)) / (count + 1);
      const [low, high] = [Math.min(reach, side), Math.max(0, reach - side)];
      const [left, top] = [x + gap / 2, y + gap / 2];
      return `M${hundredths(left + high)},${hundredths(top + low)}L${hundredths(left + low)},${hundredths(top + high)}`;
    }),
  );
  return element("g", {}, [
    element("path", { d: cells.map(({ x, y }) => square(x, y, cell, gap)).join(""), fill: MASK }),
    element("path", { d: lines.join(""), fill: "none", stroke: MASK_INK, "stroke-width": cell < 18 ? 0.5 : 0.85 }),
  ]);
}

function numbers(cells: readonly Cell[], { cell, scale }: CellsLook): string[] {
  const size = Math.min(13, 0.38 * cell);
  return cells
    .filter(({ weight }) => weight >= FROM)
    .map(({ weight, x, y }) =>
      element(
        "text",
        {
          x: x + cell / 2,
          y: y + cell / 2 + 0.36 * size,
          "font-size": size,
          "font-weight": weight >= 0.5 ? 650 : 450,
          fill: scale.ink(weight),
          "text-anchor": "middle",
          "pointer-events": "none",
        },
        [String(Math.round(100 * weight))],
      ),
    );
}
