import type { WeightScale } from "./ramp.ts";

/** What stands below the headings of a figure: its size, and how it is drawn. */
export interface Drawing {
  width: number;
  height: number;
  /** As SVG, the upper left corner at `x, y`. */
  draw: (x: number, y: number) => string;
  scale: WeightScale;
  /** What stands in place of the scale where colours tell something else. */
  legend?: (x: number, y: number) => string;
}
