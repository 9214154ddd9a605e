import type { Example } from "../data/batches.ts";
import { comparedText } from "../data/compared-text.ts";
import { DataError } from "../data/data-error.ts";
import type { Pair } from "../data/pair.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import type { BleuOptions } from "../metrics/bleu.ts";
import { Random } from "../random/random.ts";
import { type AnsweredPair, answerPairs } from "./answer-pairs.ts";
import { type AnswerScores, answerScores } from "./answer-scores.ts";
import { Evaluator } from "./evaluate.ts";
import type { Measures } from "./events.ts";
import { GivenAnswers } from "./exact-match.ts";
import type { OpenedModel } from "./open-model.ts";
import { type Metric, USUAL_METRICS } from "./pair-metrics.ts";
import { Seq2SeqTask } from "./seq2seq-task.ts";

/** What is measured of a model that writes, and how. */
export interface EvaluateOptions {
  /** Default: loss, exact and time. */
  readonly metrics?: readonly Metric[];
  /** Rows whose sources are asked, drawn at random. Default: all. The loss is always of all. */
  readonly sample?: number;
  /** Of the draw. Default: 1. */
  readonly seed?: number;
  /** How answers are searched for. Default: greedily. */
  readonly search?: SearchOptions;
  /** How BLEU and distinct-n cut words, and whether letter case counts for all that compares words. */
  readonly words?: BleuOptions;
  /** Pairs that the model learnt from: then answers to sources among them are measured apart from the others. */
  readonly learnt?: readonly Pair[];
  /** Whether the answers themselves are wanted. Default: no. */
  readonly answers?: boolean;
}

/** How well a model does on pairs: what was asked for. */
export interface Evaluation extends Partial<Measures>, Partial<AnswerScores> {
  /** Pairs left out of the loss because their source or target has more tokens than the model takes, or the source none. */
  readonly tooLong?: number;
  /** Median time of an answer, asked one by one. */
  readonly millisecondsPerAnswer?: number;
  /** Of the rows whose source was learnt from, whatever its letter case, blanks and punctuation; where that is known. */
  readonly seen?: AnswerScores;
  /** Of the others. */
  readonly unseen?: AnswerScores;
  /** In the order of the pairs. */
  readonly answered?: readonly AnsweredPair[];
}

/**
 * The pairs that are short enough for a model, and how one becomes an example.
 *
 * @throws {DataError} when there are none
 */
export function fittingPairs({ model, tokenizer }: Pick<OpenedModel, "model" | "tokenizer">, pairs: readonly Pair[]) {
  const { startId, endId } = tokenizer;
  const examples = new Map<Pair, Example>();
  for (const pair of pairs) {
    examples.set(pair, {
      source: Int32Array.from(tokenizer.asSource(tokenizer.encode(pair.source))),
      target: Int32Array.from([startId, ...tokenizer.encode(pair.target), endId]),
    });
  }
  const exampleOf = (pair: Pair) => examples.get(pair)!;
  const empty = tokenizer.asSource([]).length;
  const fitting = pairs.filter((pair) => {
    const { source, target } = exampleOf(pair);
    return source.length > empty && Math.max(source.length, target.length) <= model.maxLength;
  });
  if (fitting.length === 0) throw new DataError(`no pair fits the model: it takes at most ${model.maxLength} tokens`);
  return { fitting, exampleOf };
}

/**
 * Measures a model on pairs: loss, perplexity and accuracy with teacher forcing, and its own answers.
 *
 * @param pairs at least one
 * @throws {DataError} when the loss is wanted and no pair is short enough for the model
 */
export async function evaluatePairs(
  opened: OpenedModel,
  pairs: readonly Pair[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { metrics = USUAL_METRICS, answers = false } = options;
  const foretold = metrics.includes("loss") ? await measurePairs(opened, pairs) : {};
  if (!answers && metrics.every((metric) => metric === "loss")) return foretold;
  return { ...foretold, ...(await measureAnswers(opened, pairs, options)) };
}

async function measurePairs(opened: OpenedModel, pairs: readonly Pair[]): Promise<Measures & { tooLong: number }> {
  const { engine, model, weights, tokenizer } = opened;
  const { fitting, exampleOf } = fittingPairs(opened, pairs);
  const evaluator = await Evaluator.compile(engine, new Seq2SeqTask(model, tokenizer.padId), weights);
  const measures = await evaluator.measure(fitting.map(exampleOf));
  await evaluator.release();
  return { ...measures, tooLong: pairs.length - fitting.length };
}

async function measureAnswers(
  opened: OpenedModel,
  pairs: readonly Pair[],
  { metrics = USUAL_METRICS, sample, seed = 1, search, words, learnt, answers }: EvaluateOptions,
): Promise<Evaluation> {
  const drawn = Random.of(seed, "exact match")
    .shuffle([...pairs])
    .slice(0, sample);
  const timed = metrics.includes("time");
  const { answered, millisecondsPerAnswer } = await answerPairs(opened, drawn, { search, timed });
  const given = new GivenAnswers(pairs, (text) => opened.tokenizer.normalForm(text));
  const of = (rows: readonly AnsweredPair[]) => answerScores(rows, given, metrics, words);
  const known = learnt && new Set(learnt.map(({ source }) => comparedText(source)));
  const isSeen = ({ pair }: AnsweredPair) => known?.has(comparedText(pair.source)) === true;
  const ofPart = (part: readonly AnsweredPair[]) => (part.length === 0 ? { rows: 0 } : of(part));
  const places = new Map(pairs.map((pair, i) => [pair, i]));
  return {
    ...of(answered),
    ...(timed && { millisecondsPerAnswer }),
    ...(known && {
      seen: ofPart(answered.filter(isSeen)),
      unseen: ofPart(answered.filter((row) => !isSeen(row))),
    }),
    ...(answers && { answered: [...answered].sort((a, b) => places.get(a.pair)! - places.get(b.pair)!) }),
  };
}
