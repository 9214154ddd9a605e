/** Whole numbers from one to another, both included. */
export function wholeStops(from: number, to: number, by = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}

/** The stop nearest to a number. */
export function nearestStop(stops: readonly number[], value: number): number {
  return stops.reduce((best, stop) => (Math.abs(stop - value) < Math.abs(best - value) ? stop : best));
}

/** Where a key moves a handle to among its stops; `undefined` where the key means nothing. */
export function stopAfterKey(key: string, stops: readonly number[], value: number): number | undefined {
  const at = stops.indexOf(nearestStop(stops, value));
  const leap = Math.max(2, Math.round(stops.length / 10));
  const places: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    PageUp: at + leap,
    PageDown: at - leap,
    Home: 0,
    End: stops.length - 1,
  };
  const place = places[key];
  return place === undefined ? undefined : stops[Math.min(stops.length - 1, Math.max(0, place))];
}
