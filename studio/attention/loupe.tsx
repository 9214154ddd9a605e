import { type Store, useStore } from "../app/store.ts";
import type { DrawnMap } from "./map-cells.tsx";
import { MASK_FILL } from "./mask-fill.ts";
import { has, maskAt, type Place, weightAt } from "./reading.ts";

interface Props extends DrawnMap {
  /** The cell under the finger, and where the finger is in the map. */
  readonly at: Store<{ readonly place: Place; readonly x: number; readonly y: number } | undefined>;
}

const SIDE = 64;
const CELL = 22;
const ABOVE = 84;

/** The cells under a finger, larger and above it. */
export function Loupe({ view, layout, shades, at }: Props) {
  const finger = useStore(at);
  if (!finger) return null;
  const { place, x, y } = finger;
  const left = Math.min(layout.width - SIDE, Math.max(0, x - SIDE / 2));
  return (
    <svg className="map-loupe" width={SIDE} height={SIDE} style={{ left, top: y - ABOVE }} aria-hidden="true">
      {[-1, 0, 1].flatMap((down) =>
        [-1, 0, 1].map((right) => {
          const cell = { row: place.row + down, col: place.col + right };
          if (cell.row < 0 || cell.col < 0 || !has(view, cell)) return null;
          const mask = maskAt(view, cell);
          const shade = shades.shade(cell.row, weightAt(view, cell));
          return (
            <rect
              key={`${down}.${right}`}
              x={SIDE / 2 + (right - 0.5) * CELL}
              y={SIDE / 2 + (down - 0.5) * CELL}
              width={CELL - 1}
              height={CELL - 1}
              rx={3}
              fill={mask ? MASK_FILL[mask] : shades.scale.colour(shade)}
            />
          );
        }),
      )}
      <rect className="map-frame" x={SIDE / 2 - CELL / 2} y={SIDE / 2 - CELL / 2} width={CELL} height={CELL} rx={4} />
    </svg>
  );
}
