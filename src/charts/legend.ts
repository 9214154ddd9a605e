import { NAME } from "./palette.ts";
import { drawLine, drawMark } from "./series.ts";
import type { SeriesLook } from "./series-look.ts";
import { element } from "./svg.ts";
import { drawText, type TextBlock, textBlock } from "./text-block.ts";

/** A legend set to a width: rows of columns, as few rows as fit. */
export interface Legend {
  height: number;
  /** As SVG, the upper left corner at `x, y`. */
  draw: (x: number, y: number) => string;
}

const SAMPLE = 28;
const GAP = 8;
const BETWEEN = 24;

export function legend(looks: ReadonlyMap<string, SeriesLook>, width: number): Legend {
  const entries = [...looks].map(([name, look]) => ({ look, name: textBlock(name, NAME, width - SAMPLE - GAP) }));
  const columns = columnsOf(
    entries.map(({ name }) => name),
    width,
  );
  const rows = Array.from({ length: Math.ceil(entries.length / columns.length) }, (_, row) =>
    entries.slice(row * columns.length, (row + 1) * columns.length),
  );
  const heights = rows.map((row) => Math.max(...row.map(({ name }) => name.height)));
  const above = (row: number) => heights.slice(0, row).reduce((a, b) => a + b, 0);
  return {
    height: above(rows.length),
    draw: (x, y) =>
      element(
        "g",
        {},
        rows.flatMap((row, index) =>
          row.map(({ name, look }, column) => drawEntry(name, look, x + columns[column]!, y + above(index))),
        ),
      ),
  };
}

/** Where the columns begin, as many as stand side by side. */
function columnsOf(names: readonly TextBlock[], width: number): number[] {
  for (let count = names.length; count > 1; count--) {
    const starts: number[] = [];
    let next = 0;
    for (let column = 0; column < count; column++) {
      starts.push(next);
      const widest = Math.max(...names.filter((_, index) => index % count === column).map((name) => name.width));
      next += SAMPLE + GAP + widest + BETWEEN;
    }
    if (next - BETWEEN <= width) return starts;
  }
  return [0];
}

function drawEntry(name: TextBlock, look: SeriesLook, x: number, y: number): string {
  const middle = y + NAME.line / 2;
  return element("g", {}, [
    drawLine(`M${x + 1},${middle}h${SAMPLE - 2}`, look),
    drawMark(look, x + SAMPLE / 2, middle),
    drawText(name, x + SAMPLE + GAP, y),
  ]);
}
