/** How often each n-gram occurs; its units are joined by a blank. */
export type NgramCounts = ReadonlyMap<string, number>;

/**
 * Counts the runs of `order` units.
 *
 * @param units words or characters, none of which holds a blank
 */
export function countNgrams(units: readonly string[], order: number): NgramCounts {
  const counts = new Map<string, number>();
  for (let end = order; end <= units.length; end++) {
    const ngram = units.slice(end - order, end).join(" ");
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** How many n-grams two texts share, each counted as often as it occurs in both. */
export function countShared(some: NgramCounts, others: NgramCounts): number {
  let shared = 0;
  for (const [ngram, count] of some) shared += Math.min(count, others.get(ngram) ?? 0);
  return shared;
}

/** How often each n-gram occurs in the text that has it most often. */
export function countMost(texts: readonly NgramCounts[]): NgramCounts {
  const most = new Map<string, number>();
  for (const [ngram, count] of texts.flatMap((counts) => [...counts])) {
    most.set(ngram, Math.max(count, most.get(ngram) ?? 0));
  }
  return most;
}

/** How many n-grams there are, repeated ones too. */
export function countAll(counts: NgramCounts): number {
  let all = 0;
  for (const count of counts.values()) all += count;
  return all;
}
