import type { Curve } from "./curve.ts";

/** Places on the scrubber are no closer than this share of it. */
const CLOSEST = 1 / 400;

/** The steps at which the model was measured on what is held out. */
export function validations({ steps, valLoss }: Curve): number[] {
  return steps.filter((_, i) => valLoss[i] !== null);
}

/** Where steps stand on the scrubber, as shares of it; those that would stand in one place are one. */
export function marksOf(steps: readonly number[], total: number): number[] {
  const places = new Set(steps.map((step) => Math.round(step / Math.max(1, total) / CLOSEST)));
  return Array.from(places, (place) => place * CLOSEST);
}
