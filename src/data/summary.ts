import type { Problem } from "./data-error.ts";

/** Lengths of many texts. */
export interface LengthSummary {
  mean: number;
  median: number;
  /** 95 % of the texts are at most this long. */
  percentile95: number;
  max: number;
}

/** Rows left out for one reason. */
export interface Dropped {
  reason: string;
  count: number;
  firstLine: number;
}

/** Why rows were dropped, the commonest reason first. */
export function countReasons(problems: readonly Problem[]): Dropped[] {
  const byReason = new Map<string, { reason: string; count: number; firstLine: number }>();
  for (const { reason, line } of problems) {
    const entry = byReason.get(reason);
    if (entry === undefined) byReason.set(reason, { reason, count: 1, firstLine: line });
    else entry.count++;
  }
  return [...byReason.values()].sort((a, b) => b.count - a.count);
}

/** @param lengths at least one */
export function summarize(lengths: readonly number[]): LengthSummary {
  const sorted = Float64Array.from(lengths).sort();
  const { length } = sorted;
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / length,
    median: (sorted[(length - 1) >> 1]! + sorted[length >> 1]!) / 2,
    percentile95: sorted[Math.ceil(0.95 * length) - 1]!,
    max: sorted[length - 1]!,
  };
}

/** Unicode characters (code points) of a text. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Lengths in words. */
export function lengthsInWords({ mean, median, percentile95, max }: LengthSummary): string {
  return `mean ${mean.toFixed(1)}, median ${grouped(median)}, 95 % ${grouped(percentile95)}, max ${grouped(max)}`;
}

/** A part of a whole, in percent. */
export function percentOf(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/** A whole number with its thousands apart. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
