/** What has been written when a rule looks at what may come next. */
export interface Writing {
  /** Number of the sentence among the sources, and those that joined after them. */
  readonly sentence: number;
  /** Token ids written so far, without `<start>`. */
  readonly tokens: readonly number[];
  /** The fewest tokens that the sentence may have, its end included. */
  readonly least: number;
}

/**
 * Changes what may come next, in place: the natural logarithm of the probability of each token by its id. `-Infinity`
 * forbids a token; the others keep their values. Where all are forbidden the sentence is cut off there.
 */
export type Rule = (logProbabilities: Float32Array, writing: Writing) => void;

/**
 * Makes tokens that are written already less likely: their log-probability times `penalty`.
 *
 * It is the penalty of CTRL (Keskar et al. 2019, §4.1) on log-probabilities, which are never positive, instead of on
 * logits, where it depends on what number a model happens to call zero.
 */
export function repetitionPenalty(penalty: number): Rule {
  return (logProbabilities, { tokens }) => {
    for (const token of new Set(tokens)) logProbabilities[token] *= penalty;
  };
}

/** Forbids a token that would write the same `n` tokens in a row a second time (Paulus et al. 2018, §2.5). */
export function noRepeatNgram(n: number): Rule {
  return (logProbabilities, { tokens }) => {
    const last = tokens.length - (n - 1);
    for (let start = 0; start < last; start++) {
      let same = 0;
      while (same < n - 1 && tokens[start + same] === tokens[last + same]) same++;
      if (same === n - 1) logProbabilities[tokens[start + n - 1]] = Number.NEGATIVE_INFINITY;
    }
  };
}

/** Forbids `<end>` while the sentence would have fewer tokens with it than it may have. */
export function minimumLength(endId: number): Rule {
  return (logProbabilities, { tokens, least }) => {
    if (tokens.length + 1 < least) logProbabilities[endId] = Number.NEGATIVE_INFINITY;
  };
}
