import { DataError } from "../data/data-error.ts";
import type { Pair } from "../data/pair.ts";
import { Evaluator } from "./evaluate.ts";
import type { Measures } from "./events.ts";
import { type ExactMatch, type ExactMatchOptions, exactMatch } from "./exact-match.ts";
import type { OpenedModel } from "./open-model.ts";
import { Seq2SeqTask } from "./seq2seq-task.ts";

/** How well a model does on pairs. */
export interface Evaluation extends Measures, ExactMatch {
  /** Pairs left out because their source or target has more tokens than the model takes, or the source none. */
  readonly tooLong: number;
}

/**
 * Measures a model on pairs: loss, perplexity and accuracy with teacher forcing over all of them, and how often its own
 * answers are ones that the pairs give.
 *
 * @throws {DataError} when no pair is short enough for the model
 */
export async function evaluatePairs(
  { engine, model, weights, tokenizer, responder }: OpenedModel,
  pairs: readonly Pair[],
  options: ExactMatchOptions = {},
): Promise<Evaluation> {
  const encode = (text: string) => Int32Array.from([tokenizer.startId, ...tokenizer.encode(text), tokenizer.endId]);
  const examples = pairs.map(({ source, target }) => ({ source: encode(source), target: encode(target) }));
  const fits = examples.map(
    ({ source, target }) => source.length > 2 && Math.max(source.length, target.length) <= model.maxLength,
  );
  const fitting = pairs.filter((_, i) => fits[i]);
  if (fitting.length === 0) throw new DataError(`no pair fits the model: it takes at most ${model.maxLength} tokens`);
  const evaluator = await Evaluator.compile(engine, new Seq2SeqTask(model, tokenizer.padId), weights);
  const measures = await evaluator.measure(examples.filter((_, i) => fits[i]));
  await evaluator.release();
  const matched = await exactMatch(responder, fitting, (text) => tokenizer.normalForm(text), options);
  return { ...measures, ...matched, tooLong: pairs.length - fitting.length };
}
