import { type BleuTokenizer, bleuTokenizers } from "./bleu-tokenizers.ts";
import { countMost, countNgrams, countShared } from "./n-grams.ts";
import { pairSegments, type References, type Segment } from "./segment.ts";
import { signature } from "./signature.ts";

/** BLEU counts n-grams of one to four tokens. */
const orders = [1, 2, 3, 4] as const;

export interface BleuOptions {
  /** Default `13a`. */
  tokenizer?: BleuTokenizer;
  /** Whether capital and small letters are the same. Default false. */
  lowercase?: boolean;
}

export interface BleuScore {
  /** `0 … 100`. */
  score: number;
  /** The share of the hypotheses' 1-, 2-, 3- and 4-grams that are in a reference, smoothed where none is; `0 … 100`. */
  precisions: number[];
  /** What the score is multiplied by because the hypotheses are short, `0 … 1`. */
  brevityPenalty: number;
  /** Tokens in the hypotheses. */
  hypothesisLength: number;
  /** Tokens in the references, for each hypothesis those of the reference closest in length. */
  referenceLength: number;
  /** How the score was had, in sacreBLEU's words. */
  signature: string;
}

/**
 * BLEU of a corpus (Papineni et al. 2002, §2), as sacreBLEU 2 computes it (Post 2018).
 *
 * Where no n-gram of an order is right, the precision is `1/(2·total)`, then `1/(4·total)` for the next such order, and
 * so on. A corpus without a single 4-gram, or in which nothing is right, has the score 0.
 *
 * @param references for each hypothesis its reference, or a list of its references
 * @throws Error if there are no hypotheses, if the counts differ, or if a hypothesis has no reference
 */
export function bleu(
  hypotheses: readonly string[],
  references: readonly References[],
  options: BleuOptions = {},
): BleuScore {
  return score(pairSegments("bleu", hypotheses, references), options, { effectiveOrder: false });
}

/**
 * BLEU of one sentence, as `bleu`, but over the orders it is long enough for: one of three tokens is judged by its 1-,
 * 2- and 3-grams. The mean over sentences is not the BLEU of the corpus.
 *
 * @throws Error if the list of references is empty
 */
export function sentenceBleu(hypothesis: string, references: References, options: BleuOptions = {}): BleuScore {
  return score(pairSegments("sentenceBleu", [hypothesis], [references]), options, { effectiveOrder: true });
}

interface Counts {
  /** By order: the hypotheses' n-grams that are in a reference. */
  readonly matched: number[];
  /** By order: the hypotheses' n-grams. */
  readonly total: number[];
  hypothesisLength: number;
  referenceLength: number;
}

function score(
  segments: readonly Segment[],
  { tokenizer = "13a", lowercase = false }: BleuOptions,
  { effectiveOrder }: { effectiveOrder: boolean },
): BleuScore {
  const tokenize = (text: string) => bleuTokenizers[tokenizer](lowercase ? text.toLowerCase() : text);
  const counts: Counts = {
    matched: orders.map(() => 0),
    total: orders.map(() => 0),
    hypothesisLength: 0,
    referenceLength: 0,
  };
  for (const { hypothesis, references } of segments) addCounts(counts, tokenize(hypothesis), references.map(tokenize));

  const { matched, total, hypothesisLength, referenceLength } = counts;
  const brevityPenalty = hypothesisLength >= referenceLength ? 1 : Math.exp(1 - referenceLength / hypothesisLength);
  const precisions = smoothedPrecisions(matched, total);
  const judged = effectiveOrder ? precisions.filter((_, index) => total[index]! > 0) : precisions;
  const logs = judged.reduce((sum, precision) => sum + Math.log(precision), 0);
  return {
    score: judged.length === 0 ? 0 : 100 * brevityPenalty * Math.exp(logs / judged.length),
    precisions: precisions.map((precision) => 100 * precision),
    brevityPenalty,
    hypothesisLength,
    referenceLength,
    signature: signature(segments, lowercase, { eff: effectiveOrder ? "yes" : "no", tok: tokenizer, smooth: "exp" }),
  };
}

function addCounts(counts: Counts, hypothesis: readonly string[], references: readonly (readonly string[])[]): void {
  for (const [index, order] of orders.entries()) {
    // An n-gram is right no more often than in the reference that has it most often.
    const allowed = countMost(references.map((reference) => countNgrams(reference, order)));
    counts.matched[index]! += countShared(countNgrams(hypothesis, order), allowed);
    counts.total[index]! += Math.max(0, hypothesis.length - order + 1);
  }
  counts.hypothesisLength += hypothesis.length;
  counts.referenceLength += closestLength(hypothesis.length, references);
}

/** The shorter one where two are equally close. */
function closestLength(length: number, references: readonly (readonly string[])[]): number {
  return references
    .map((reference) => reference.length)
    .reduce((best, own) => {
      const nearer = Math.abs(own - length) - Math.abs(best - length);
      return nearer < 0 || (nearer === 0 && own < best) ? own : best;
    });
}

/** NIST's smoothing, "exp" in sacreBLEU (Chen and Cherry 2014, smoothing 3). */
function smoothedPrecisions(matched: readonly number[], total: readonly number[]): number[] {
  if (matched.every((count) => count === 0)) return matched.map(() => 0);
  let unmatched = 1;
  return matched.map((count, index) => {
    if (total[index] === 0) return 0;
    if (count === 0) unmatched /= 2;
    return (count === 0 ? unmatched : count) / total[index]!;
  });
}
