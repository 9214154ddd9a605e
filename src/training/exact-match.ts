import type { Pair } from "../data/pair.ts";
import { summarize } from "../data/summary.ts";
import type { Answer } from "../decoding/responder.ts";
import { Random } from "../random/random.ts";

/** How often the answers are ones that the data gives. */
export interface ExactMatch {
  /** Share of the distinct sources whose answer is one that the data gives to that source. */
  readonly exactMatch: number;
  readonly sources: number;
  /** The same share of the rows, a source that stands in several counted as often. */
  readonly exactMatchRows: number;
  readonly rows: number;
  /** Median time of an answer, asked one by one. */
  readonly millisecondsPerAnswer: number;
}

export interface ExactMatchOptions {
  /** Rows to ask for, drawn at random. Default: all. */
  readonly sample?: number;
  /** Of the draw. Default: 1. */
  readonly seed?: number;
}

/** What answers; a `Responder` does. */
export interface Answering {
  answerAll(texts: readonly string[]): Promise<Pick<Answer, "answer" | "milliseconds">[]>;
}

/** More sources than this are asked in batches. */
const ONE_BY_ONE = 500;
const BATCH = 64;
/** So many are asked one by one for the time, where the others go in batches. */
const TIMED = 100;

/**
 * Asks a model the sources of pairs and compares its answers with all targets that the pairs give to the same source.
 *
 * @param normalForm in which texts are compared: a tokenizer's
 * @throws when there are no pairs
 */
export async function exactMatch(
  responder: Answering,
  pairs: readonly Pair[],
  normalForm: (text: string) => string,
  { sample, seed = 1 }: ExactMatchOptions = {},
): Promise<ExactMatch> {
  if (pairs.length === 0) throw new Error("exactMatch: there are no pairs");
  const targets = new Map<string, Set<string>>();
  for (const { source, target } of pairs) {
    const key = normalForm(source);
    const known = targets.get(key) ?? new Set();
    targets.set(key, known.add(normalForm(target)));
  }
  const rows = Random.of(seed, "exact match")
    .shuffle([...pairs])
    .slice(0, sample);
  const sources = new Map(rows.map(({ source }) => [normalForm(source), source]));
  const { answers, milliseconds } = await askAll(responder, [...sources.values()]);
  const right = new Set([...sources.keys()].filter((key, i) => targets.get(key)!.has(normalForm(answers[i]))));
  return {
    exactMatch: right.size / sources.size,
    sources: sources.size,
    exactMatchRows: rows.filter(({ source }) => right.has(normalForm(source))).length / rows.length,
    rows: rows.length,
    millisecondsPerAnswer: summarize(milliseconds).median,
  };
}

async function askAll(responder: Answering, sources: readonly string[]) {
  const answers: string[] = [];
  const milliseconds: number[] = [];
  const single = sources.length > ONE_BY_ONE ? sources.slice(0, TIMED) : sources;
  for (const source of single) {
    const [answer] = await responder.answerAll([source]);
    answers.push(answer.answer);
    milliseconds.push(answer.milliseconds);
  }
  for (let at = single.length; at < sources.length; at += BATCH) {
    const batch = await responder.answerAll(sources.slice(at, at + BATCH));
    answers.push(...batch.map(({ answer }) => answer));
  }
  return { answers, milliseconds };
}
