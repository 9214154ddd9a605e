import type { Example } from "../data/batches.ts";
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
 * Measures a model on pairs: loss, perplexity and accuracy with teacher forcing over all of them, and how often its own
 * answers are ones that the pairs give.
 *
 * @throws {DataError} when no pair is short enough for the model
 */
export async function evaluatePairs(
  opened: OpenedModel,
  pairs: readonly Pair[],
  options: ExactMatchOptions = {},
): Promise<Evaluation> {
  const { engine, model, weights, tokenizer, responder } = opened;
  const { fitting, exampleOf } = fittingPairs(opened, pairs);
  const evaluator = await Evaluator.compile(engine, new Seq2SeqTask(model, tokenizer.padId), weights);
  const measures = await evaluator.measure(fitting.map(exampleOf));
  await evaluator.release();
  const matched = await exactMatch(responder, fitting, (text) => tokenizer.normalForm(text), options);
  return { ...measures, ...matched, tooLong: pairs.length - fitting.length };
}
