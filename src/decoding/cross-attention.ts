import type { Value } from "../runtime/value.ts";
import type { AttentionRow, AttentionStep } from "./hypothesis.ts";

const CROSS = "cross.";

/** The name of the last layer's attention to the source; `undefined` where a model has none. */
export function lastCross(names: readonly string[]): string | undefined {
  const layer = (name: string) => Number(name.slice(CROSS.length));
  return names.filter(isCross).sort((a, b) => layer(b) - layer(a))[0];
}

/** The mean weight on each key. */
export function meanOverHeads({ heads, keys, weights }: AttentionRow): number[] {
  return Array.from({ length: keys }, (_, key) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += weights[head * keys + key];
    return sum / heads;
  });
}

/** Whether the keys of an attention are the positions of the source. */
export function isCross(name: string): boolean {
  return name.startsWith(CROSS);
}

/** The weights of one query on `keys` from the `first` on out of `[batch, heads, query, key]`, copied. */
export function attentionRow(
  { shape: [, heads, queries, time], data }: Value,
  { row, query = 0, first = 0, keys = time - first }: { row: number; query?: number; first?: number; keys?: number },
): AttentionRow {
  const weights = new Float32Array(heads * keys);
  for (let head = 0; head < heads; head++) {
    const from = ((row * heads + head) * queries + query) * time + first;
    weights.set(data.subarray(from, from + keys) as Float32Array, head * keys);
  }
  return { heads, keys, weights };
}

/**
 * How much of the attention each position of the source has got so far, with that of one more step: of the last layer,
 * the mean over heads.
 */
export function addCoverage(coverage: Float64Array | undefined, attention: AttentionStep): Float64Array {
  const name = lastCross(Object.keys(attention));
  if (name === undefined) throw new Error("search: coverage wants attention to the source, and this model has none");
  const weights = meanOverHeads(attention[name]);
  return Float64Array.from(weights, (weight, i) => weight + (coverage?.[i] ?? 0));
}

/** What a position counts at least, so that one without any attention does not make everything −∞. */
const LEAST = 1e-9;

/** `Σ log min(cᵢ, 1)` over the source (Wu et al. 2016, §7, without its factor β): 0 where all was looked at, else less. */
export function coverageOf(coverage: Float64Array): number {
  return coverage.reduce((sum, share) => sum + Math.log(Math.min(Math.max(share, LEAST), 1)), 0);
}
