/** Some examples of about the same length. */
export interface LengthBin<Example> {
  readonly examples: readonly Example[];
  /** In words: what stands between blanks. */
  readonly shortest: number;
  readonly longest: number;
  readonly mean: number;
}

/**
 * Sorts examples by the words of a text and cuts them into parts as equal as can be, where equal lengths stay together.
 *
 * @param most parts; fewer where the examples have few lengths
 * @param least examples of a part, unless there are fewer in all
 */
export function lengthBins<Example>(
  examples: readonly Example[],
  textOf: (example: Example) => string,
  { most, least }: { most: number; least: number },
): LengthBin<Example>[] {
  const sorted = examples
    .map((example) => ({ example, words: textOf(example).match(/\S+/gu)?.length ?? 0 }))
    .sort((a, b) => a.words - b.words);
  const bins: LengthBin<Example>[] = [];
  for (let from = 0; from < sorted.length; ) {
    const left = sorted.length - from;
    let to = from + Math.max(least, Math.round(left / Math.max(1, most - bins.length)));
    while (to < sorted.length && sorted[to].words === sorted[to - 1].words) to++;
    if (sorted.length - to < least) to = sorted.length;
    const part = sorted.slice(from, to);
    bins.push({
      examples: part.map(({ example }) => example),
      shortest: part[0].words,
      longest: part[part.length - 1].words,
      mean: part.reduce((sum, { words }) => sum + words, 0) / part.length,
    });
    from = to;
  }
  return bins;
}
