import { Random } from "../../src/random/random.ts";
import { dot } from "./shares.ts";
import type { ShownHead } from "./shown-head.ts";

/** The most dimensions a picture asks for, and how many keys its query is compared with. */
const [MOST, KEYS] = [512, 400];

function vectors(): { query: readonly number[]; keys: readonly (readonly number[])[] } {
  const random = Random.of(1, "scores");
  const draw = () => Array.from({ length: MOST }, () => random.normal());
  return { query: draw(), keys: Array.from({ length: KEYS }, draw) };
}

let drawn: ReturnType<typeof vectors> | undefined;

/**
 * Scores of one query with 400 keys, all numbers drawn with mean 0 and variance 1: what an untrained head begins with.
 *
 * @param dimensions how many of the numbers count, up to 512
 * @param divided whether by √d
 */
export function randomScores({ dimensions, divided }: { dimensions: number; divided: boolean }): number[] {
  drawn ??= vectors();
  const query = drawn.query.slice(0, dimensions);
  const factor = divided ? 1 / Math.sqrt(dimensions) : 1;
  return drawn.keys.map((key) => factor * dot(query, key));
}

/**
 * Scores of a head by the first of its dimensions alone: those of one row, then those of all others.
 *
 * @param divided whether by the root of how many they are
 */
export function headScores(
  { q, k }: Pick<ShownHead, "q" | "k">,
  row: number,
  { dimensions, divided }: { dimensions: number; divided: boolean },
): number[] {
  const factor = divided ? 1 / Math.sqrt(dimensions) : 1;
  const queries = [q[row], ...q.filter((_, other) => other !== row)].map((query) => query.slice(0, dimensions));
  return queries.flatMap((query) => k.map((key) => factor * dot(query, key)));
}

/** How many values are in each of the equal parts of a range; those outside count to the ends. */
export function histogram(values: readonly number[], { from, to, bins }: { from: number; to: number; bins: number }) {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - from) / (to - from)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]++;
  }
  return counts;
}

/** How far values are from their mean, as a root mean square. */
export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
