import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import type { Axis } from "./chart.ts";
import { isLog, niceDomain, type TickSet, tickSets } from "./tick-sets.ts";

/** An axis laid along a line of pixels. */
export interface PlacedAxis {
  /** The pixel of a value. */
  place: (value: number) => number;
  /** Whether a value lies on the axis. */
  covers: (value: number) => boolean;
  /** Both ends, in pixels. */
  pixels: readonly [number, number];
  ticks: readonly Tick[];
}

/** A mark on an axis; the label of one between two powers is empty. */
export interface Tick {
  pixel: number;
  label: string;
}

/**
 * Lays an axis along pixels, with as many labelled ticks as fit.
 *
 * @param values finite, and above zero on a log axis
 * @param pixels both ends
 * @param most ticks of a linear axis
 * @param extent of a label along the axis in pixels, its distance from the next included
 * @throws RangeError when `from` and `to` of the axis leave no room between them
 */
export function placeAxis(
  axis: Axis,
  values: readonly number[],
  pixels: readonly [number, number],
  most: number,
  extent: (label: string) => number,
): PlacedAxis {
  const nice = niceDomain(axis, domainOf(axis, values), most);
  const [low, high] = [axis.from ?? nice[0], axis.to ?? nice[1]];
  const scale: ScaleContinuousNumeric<number, number> = isLog(axis) ? scaleLog() : scaleLinear();
  const place = (value: number) => scale(value);
  scale.domain([low, high]).range(pixels);

  const sets = tickSets(axis, [low, high], most);
  const ticks = sets.map((set) => ticksOf(set, axis, place));
  return {
    place,
    covers: (value) => value >= low && value <= high,
    pixels,
    ticks:
      ticks.find((some) => stand(some, extent)) ??
      ticks
        .at(-1)!
        .filter(({ label }) => label !== "")
        .slice(0, 1),
  };
}

/** Below this a step between ticks has no inverse. */
const SMALLEST = 1e-300;

/** What the axis must cover: the given ends, or else those of the values, apart from each other. */
function domainOf(axis: Axis, values: readonly number[]): [number, number] {
  const low = axis.from ?? values.reduce((a, b) => Math.min(a, b));
  const high = axis.to ?? values.reduce((a, b) => Math.max(a, b));
  const same = high - low <= Math.max(1e-12 * Math.abs(low), SMALLEST);
  const fixed = axis.from !== undefined && axis.to !== undefined;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high || (same && fixed) || (isLog(axis) && low <= 0)) {
    const rule = isLog(axis) ? "on a log axis 0 < from < to must hold" : "from must be below to";
    throw new RangeError(`lineChart: the axis ${JSON.stringify(axis.label)} goes from ${low} to ${high}; ${rule}`);
  }
  if (!same) return [low, high];
  const beside = Math.abs(low) < SMALLEST && !isLog(axis) ? 1 : Math.abs(low) / 2;
  return [axis.from ?? low - beside, axis.to ?? high + beside];
}

function ticksOf({ labelled, between, format }: TickSet, axis: Axis, place: (value: number) => number): Tick[] {
  return [
    ...labelled.map((value) => ({ pixel: place(value), label: (axis.format ?? format)(value) })),
    ...between.map((value) => ({ pixel: place(value), label: "" })),
  ];
}

/** Whether at least two labels are there, all differ, and none stands in the way of the next. */
function stand(ticks: readonly Tick[], extent: (label: string) => number): boolean {
  const labelled = ticks.filter(({ label }) => label !== "");
  const clear = labelled.slice(1).every(({ pixel, label }, index) => {
    const before = labelled[index]!;
    return Math.abs(pixel - before.pixel) >= (extent(label) + extent(before.label)) / 2;
  });
  return labelled.length > 1 && clear && new Set(labelled.map(({ label }) => label)).size === labelled.length;
}
