import type { AttentionView } from "../../src/explain/attention-view.ts";
import { rowTops } from "../../src/explain/heat-map.ts";
import { type Theme, WeightScale } from "../../src/explain/ramp.ts";

/** The colours of the cells of a map. */
export interface Shades {
  readonly scale: WeightScale;
  /** Whether the largest weight of each row has the strongest colour. */
  readonly fitted: boolean;
  /** The weight whose colour a cell has. */
  shade(row: number, weight: number): number;
}

/** Colours for a map, or for a part of a `whole` one, on the scale of the whole. */
export function shadesOf(
  view: AttentionView,
  { theme, scale, whole = view }: { theme: Theme; scale: "fixed" | "row"; whole?: AttentionView },
): Shades {
  const fitted = scale === "row";
  const tops = fitted ? rowTops(view) : [];
  return {
    scale: WeightScale.of(whole, theme),
    fitted,
    shade: (row, weight) => (fitted && tops[row] > 0 ? weight / tops[row] : weight),
  };
}
