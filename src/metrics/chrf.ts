import { countAll, countNgrams, countShared, type NgramCounts } from "./n-grams.ts";
import { pairSegments, type References, type Segment } from "./segment.ts";
import { signature } from "./signature.ts";
import { splitWords } from "./white-space.ts";

const characterOrder = 6;

/** Recall counts β times as much as precision. */
const beta = 2;

export interface ChrfOptions {
  /** The longest n-gram of words that counts: 0 is chrF, 2 is chrF++. Default 0. */
  wordOrder?: 0 | 1 | 2;
  /** Whether capital and small letters are the same. Default false. */
  lowercase?: boolean;
}

export interface ChrfScore {
  /** `0 … 100`. */
  score: number;
  /** How the score was had, in sacreBLEU's words. */
  signature: string;
}

/**
 * chrF of a corpus (Popović 2015), or chrF++ (Popović 2017), as sacreBLEU 2 computes them: the F₂ score of the mean
 * precision and mean recall of n-grams of one to six characters, blanks left out, and for chrF++ also of one and two
 * words.
 *
 * Of several references the one that gives the hypothesis the highest score counts, the first of equal ones.
 *
 * @param references for each hypothesis its reference, or a list of its references
 * @throws Error if there are no hypotheses, if the counts differ, or if a hypothesis has no reference
 */
export function chrf(
  hypotheses: readonly string[],
  references: readonly References[],
  options: ChrfOptions = {},
): ChrfScore {
  return score(pairSegments("chrf", hypotheses, references), options);
}

/**
 * chrF or chrF++ of one sentence.
 *
 * @throws Error if the list of references is empty
 */
export function sentenceChrf(hypothesis: string, references: References, options: ChrfOptions = {}): ChrfScore {
  return score(pairSegments("sentenceChrf", [hypothesis], [references]), options);
}

/** The n-grams of one order: how many there are, and how many are in both. */
interface OrderCounts {
  hypothesis: number;
  reference: number;
  matched: number;
}

function score(segments: readonly Segment[], { wordOrder = 0, lowercase = false }: ChrfOptions): ChrfScore {
  const ngramsOf = (text: string) => ngramsByOrder(lowercase ? text.toLowerCase() : text, wordOrder);
  const sums = Array.from({ length: characterOrder + wordOrder }, noCounts);
  for (const { hypothesis, references } of segments) {
    const ngrams = ngramsOf(hypothesis);
    const compared = references.map((reference) => compare(ngrams, ngramsOf(reference)));
    const best = compared.reduce((first, next) => (fScore(next) > fScore(first) ? next : first));
    for (const [index, sum] of sums.entries()) add(sum, best[index]!);
  }
  return {
    score: 100 * fScore(sums),
    signature: signature(segments, lowercase, { eff: "yes", nc: characterOrder, nw: wordOrder, space: "no" }),
  };
}

/** The n-grams of one to six characters, then those of words. */
function ngramsByOrder(text: string, wordOrder: number): NgramCounts[] {
  const words = splitWords(text);
  const characters = Array.from(words.join(""));
  const tokens = wordOrder === 0 ? [] : words.flatMap(splitMark);
  return [
    ...Array.from({ length: characterOrder }, (_, index) => countNgrams(characters, index + 1)),
    ...Array.from({ length: wordOrder }, (_, index) => countNgrams(tokens, index + 1)),
  ];
}

/** Parts one ASCII punctuation mark or symbol from a word: the last character, or else the first. */
function splitMark(word: string): string[] {
  const isMark = (character: string) => /[!-/:-@[-`{-~]/.test(character);
  if (word.length === 1) return [word];
  if (isMark(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
  return isMark(word[0]!) ? [word[0]!, word.slice(1)] : [word];
}

function compare(hypothesis: readonly NgramCounts[], reference: readonly NgramCounts[]): OrderCounts[] {
  return hypothesis.map((ngrams, index) => {
    const others = reference[index]!;
    // A reference too short for this order judges nothing.
    if (others.size === 0) return noCounts();
    return { hypothesis: countAll(ngrams), reference: countAll(others), matched: countShared(ngrams, others) };
  });
}

function noCounts(): OrderCounts {
  return { hypothesis: 0, reference: 0, matched: 0 };
}

function add(sum: OrderCounts, { hypothesis, reference, matched }: OrderCounts): void {
  sum.hypothesis += hypothesis;
  sum.reference += reference;
  sum.matched += matched;
}

/** `(1 + β²)·P·R / (β²·P + R)`, P and R being means over the orders of which both sides have n-grams; `0 … 1`. */
function fScore(counts: readonly OrderCounts[]): number {
  const judged = counts.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0);
  const mean = (share: (count: OrderCounts) => number) =>
    judged.reduce((sum, count) => sum + share(count), 0) / judged.length;
  const precision = mean(({ matched, hypothesis }) => matched / hypothesis);
  const recall = mean(({ matched, reference }) => matched / reference);
  return precision > 0 ? ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall) : 0;
}
