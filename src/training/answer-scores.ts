import { type BleuOptions, type BleuScore, bleu } from "../metrics/bleu.ts";
import { type ChrfScore, chrf } from "../metrics/chrf.ts";
import { type DistinctScore, distinct } from "../metrics/distinct.ts";
import type { AnsweredPair } from "./answer-pairs.ts";
import type { ExactMatch, GivenAnswers } from "./exact-match.ts";
import type { Metric } from "./pair-metrics.ts";

/** How good answers are. */
export interface AnswerScores extends Partial<ExactMatch> {
  readonly rows: number;
  /** Each row is a segment of its own with its own target. */
  readonly bleu?: BleuScore;
  readonly chrf?: ChrfScore;
  readonly distinct?: DistinctScore;
}

/**
 * Measures answers.
 *
 * @param rows at least one
 * @param given what exact match compares with
 * @param metrics those that are wanted; others are passed over
 * @param words how BLEU and distinct-n cut words, and whether letter case counts for them and chrF
 */
export function answerScores(
  rows: readonly AnsweredPair[],
  given: GivenAnswers,
  metrics: readonly Metric[],
  words: BleuOptions = {},
): AnswerScores {
  const wanted = (metric: Metric) => metrics.includes(metric);
  const hypotheses = rows.map(({ answer }) => answer);
  const targets = rows.map(({ pair }) => pair.target);
  return {
    rows: rows.length,
    ...(wanted("exact") && given.exactMatch(rows)),
    ...(wanted("bleu") && { bleu: bleu(hypotheses, targets, words) }),
    ...(wanted("chrf") && { chrf: chrf(hypotheses, targets, { lowercase: words.lowercase }) }),
    ...(wanted("distinct") && { distinct: distinct(hypotheses, words) }),
  };
}
