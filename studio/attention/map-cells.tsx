import { memo } from "react";
import type { Theme } from "../../src/explain/ramp.ts";
import { wholePercent } from "../drawing/numbers.ts";
import type { MapLayout } from "./map-layout.ts";
import { MASK_FILL } from "./mask-fill.ts";
import { colsOf, maskAt, rowsOf, type ShownView, weightAt } from "./reading.ts";
import type { Shades } from "./shades.ts";

export interface DrawnMap {
  readonly view: ShownView;
  readonly layout: MapLayout;
  readonly shades: Shades;
  readonly theme: Theme;
}

/** Weights from here on are written into their cells. */
const WRITTEN = 0.03;

/** The cells of a map, with their weights where there is room. */
export const MapCells = memo(function MapCells({ view, layout, shades }: DrawnMap) {
  const { left, top, cellWidth, cellHeight, gap, numbers } = layout;
  return Array.from({ length: rowsOf(view) }, (_, row) =>
    Array.from({ length: colsOf(view) }, (_, col) => {
      const mask = maskAt(view, { row, col });
      const weight = weightAt(view, { row, col });
      const shade = shades.shade(row, weight);
      const [x, y] = [left + col * cellWidth, top + row * cellHeight];
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        <g key={`${row}.${col}`}>
          <rect
            x={x + gap / 2}
            y={y + gap / 2}
            width={cellWidth - gap}
            height={cellHeight - gap}
            rx={cellHeight > 22 ? 3 : 1}
            fill={mask ? MASK_FILL[mask] : shades.scale.colour(shade)}
          />
          {numbers && !mask && weight >= WRITTEN && (
            <text
              x={x + cellWidth / 2}
              y={y + cellHeight / 2}
              className={weight > 0.3 ? "map-number strong" : "map-number"}
              fill={shades.scale.ink(shade)}
            >
              {wholePercent(weight).slice(0, -1)}
            </text>
          )}
        </g>
      );
    }),
  );
});
