/** Parts of a run between two moments at which it is looked at. */
const PARTS = 12;

/** The steps at which a run is looked at for its history: the beginning, eleven evenly spaced ones and the last. */
export function momentsOf(totalSteps: number): ReadonlySet<number> {
  return new Set(Array.from({ length: PARTS + 1 }, (_, part) => Math.round((totalSteps * part) / PARTS)));
}
