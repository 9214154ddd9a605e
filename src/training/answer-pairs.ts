import type { Pair } from "../data/pair.ts";
import { summarize } from "../data/summary.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { type Answering, translate } from "../decoding/translate.ts";

/** A pair with what a model writes to its source. */
export interface AnsweredPair {
  readonly pair: Pair;
  /** On one line; of a source that is longer than the model takes, the answers to its parts. */
  readonly answer: string;
}

/** What answers, and the normal form in which two sources count as the same. */
export interface AnsweringModel {
  readonly responder: Answering;
  readonly tokenizer: { normalForm(text: string): string };
}

export interface AnswerOptions {
  /** How answers are searched for. Default: greedily. */
  readonly search?: SearchOptions;
  /** Whether the first {@link TIMED} sources are asked one by one, for the time that takes. Default: no. */
  readonly timed?: boolean;
}

/** What a model writes to the sources of pairs. */
export interface Answers {
  /** In the order of the pairs. */
  readonly answered: readonly AnsweredPair[];
  /** Median time of an answer, asked one by one; where it was wanted. */
  readonly millisecondsPerAnswer?: number;
}

/** So many sources are asked one by one for the time. */
const TIMED = 100;

/** Asks a model each different source once, those about as long together. */
export async function answerPairs(
  { responder, tokenizer }: AnsweringModel,
  pairs: readonly Pair[],
  { search, timed = false }: AnswerOptions = {},
): Promise<Answers> {
  const keys = pairs.map(({ source }) => tokenizer.normalForm(source));
  const sources = new Map(keys.map((key, i) => [key, pairs[i].source]));
  const texts = [...sources.values()];
  const answers: string[] = [];
  const milliseconds: number[] = [];
  const ask = async (asked: readonly string[]) => {
    for await (const { translation } of translate(responder, asked, search)) answers.push(translation);
  };
  for (const text of timed ? texts.slice(0, TIMED) : []) {
    const began = performance.now();
    await ask([text]);
    milliseconds.push(performance.now() - began);
  }
  await ask(texts.slice(answers.length));
  const answerTo = new Map([...sources.keys()].map((key, i) => [key, answers[i]]));
  return {
    answered: pairs.map((pair, i) => ({ pair, answer: answerTo.get(keys[i])! })),
    ...(timed && { millisecondsPerAnswer: summarize(milliseconds).median }),
  };
}
