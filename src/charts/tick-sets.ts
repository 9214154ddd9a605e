import { scaleLinear } from "d3-scale";
import type { Axis } from "./chart.ts";
import { plainNumber, powerOfTen, powerOfTwo } from "./tick-number.ts";

/** One way to divide an axis: the values that carry a label, how it reads, and the values between them. */
export interface TickSet {
  labelled: readonly number[];
  between: readonly number[];
  format: (value: number) => string;
}

/** Whether equal steps of the axis multiply. */
export function isLog(axis: Axis): boolean {
  return axis.scale === "log" || axis.scale === "log2";
}

/** Whether an axis is so long that its ticks multiply: a log axis over a decade or two octaves at least. */
function ticksMultiply(axis: Axis, [low, high]: readonly [number, number]): boolean {
  if (axis.scale === "log") return high / low >= 10;
  return axis.scale === "log2" && high / low >= 4;
}

/** The domain stretched to the nearest round numbers. */
export function niceDomain(axis: Axis, [low, high]: readonly [number, number], count: number): [number, number] {
  if (!ticksMultiply(axis, [low, high])) {
    const [start, end] = scaleLinear().domain([low, high]).nice(count).domain();
    return [isLog(axis) && start! <= 0 ? low : start!, end!];
  }
  const round =
    axis.scale === "log2" ? multiples([low / 2, high * 2], 2, [1]) : multiples([low / 10, high * 10], 10, DIGITS);
  return [round.findLast((value) => value <= low) ?? low, round.find((value) => value >= high) ?? high];
}

/** Ways to divide an axis, from the most ticks to the fewest; a linear one has `most` at the most. */
export function tickSets(axis: Axis, domain: readonly [number, number], most: number): TickSet[] {
  if (!ticksMultiply(axis, domain)) return linearSets(domain, most);
  const base = axis.scale === "log2" ? 2 : 10;
  const powers = multiples(domain, base, [1]);
  // Beyond 40 powers not even the marks between labels stand apart.
  const step = Math.ceil(powers.length / 40);
  const fine = powers.length > 5 || base === 2 ? powers : multiples(domain, base, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const divisions = Array.from({ length: 12 }, (_, times) =>
    powers.filter((power) => exponent(power, base) % (step * (times + 1)) === 0),
  ).filter(({ length }) => length > 0);
  if (base === 10 && step === 1) divisions.unshift(multiples(domain, base, DIGITS));
  const short = base === 2 ? powerOfTwo : powerOfTen;
  return divisions.map((labelled) => ({
    labelled,
    between: step > 1 ? [] : fine.filter((value) => !labelled.includes(value)),
    format: needsPowers(labelled, Math.min(...labelled)) ? short : plainNumber,
  }));
}

/** The digits that divide a decade in three nearly equal parts. */
const DIGITS = [1, 2, 5];

function linearSets(domain: readonly [number, number], most: number): TickSet[] {
  const scale = scaleLinear().domain(domain);
  return Array.from({ length: most - 1 }, (_, fewer) => {
    const labelled = scale.ticks(most - fewer);
    const largest = Math.max(...labelled.map(Math.abs));
    return {
      labelled,
      between: [],
      format: needsPowers(labelled, largest) ? powerOfTen : scale.tickFormat(most - fewer),
    };
  });
}

/** Every `digit · baseᵏ` of the domain, in order. */
function multiples([low, high]: readonly [number, number], base: 2 | 10, digits: readonly number[]): number[] {
  const first = exponent(Math.max(low, Number.MIN_VALUE), base) - 1;
  const last = exponent(Math.min(high, Number.MAX_VALUE), base) + 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .flatMap((power) => digits.map((digit) => (base === 2 ? digit * 2 ** power : Number(`${digit}e${power}`))))
    .filter((value) => value >= low && value <= high);
}

/** The whole exponent of the power nearest to a value. */
function exponent(value: number, base: 2 | 10): number {
  return Math.round(base === 2 ? Math.log2(value) : Math.log10(value));
}

/** Whether the labels would have more digits than a reader can count. */
function needsPowers(values: readonly number[], telling: number): boolean {
  return telling < 1e-3 || values.some((value) => Math.abs(value) >= 1e6);
}
