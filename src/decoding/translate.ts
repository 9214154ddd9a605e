import { oneLine } from "../text/one-line.ts";
import { lineWindows } from "./line-windows.ts";
import type { Alternative, AnswerOptions } from "./responder.ts";
import { checkedOptions } from "./search-options.ts";
import { type ReadingLimit, textParts } from "./text-parts.ts";

/** One way to translate a line. */
export interface TranslatedText {
  /** Without line breaks; empty where the line has no words. */
  readonly translation: string;
  /** Sum of the natural logarithms of the probabilities of all tokens, `<end>` included. */
  readonly score: number;
  /** What the search ranked it by; of a line in parts the sum. */
  readonly penalisedScore: number;
  /** Whether it reached its end; else it was cut off at the longest length. */
  readonly finished: boolean;
}

/** A line and its translation: the best one. */
export interface Translation extends TranslatedText {
  /** From 1. */
  readonly line: number;
  readonly input: string;
  /** In how many parts the line was translated: 0 where it has no words, more than 1 where it is too long for the model. */
  readonly parts: number;
  /** Where several were asked for: the translations from the best on, the first of them this one. */
  readonly nBest?: readonly TranslatedText[];
}

/** What translating needs of a model; a `Responder` does it. */
export interface Answering extends ReadingLimit {
  answerAll(texts: readonly string[], options?: AnswerOptions): Promise<readonly Answered[]>;
}

type Answered = Pick<Alternative, "answer" | "score" | "penalisedScore" | "finished"> & {
  readonly nBest?: readonly Answered[];
};

/** The most lines that are searched for together, and the most tokens they have, padding included. */
const BATCH = { texts: 64, tokens: 2048 };

const NOTHING: TranslatedText = { translation: "", score: 0, penalisedScore: 0, finished: true };

/**
 * Translates lines, in their order, however many there are: what memory holds is some hundred of them. Of those the ones
 * about as long go together, and equal ones are translated once.
 *
 * A line that is longer than the model takes is cut into parts (see {@link textParts}), and their translations are
 * joined with a blank. A line without words gives an empty translation.
 *
 * @param lines without line breaks at their ends; where they come slowly, those that are there do not wait for more
 * @throws {SearchOptionsError} when an option does not fit
 * @throws the reason of the signal when that stops it
 */
export async function* translate(
  model: Answering,
  lines: AsyncIterable<string> | Iterable<string>,
  options: AnswerOptions = {},
): AsyncGenerator<Translation, void> {
  checkedOptions(options);
  let line = 0;
  for await (const window of lineWindows(lines, options.signal)) {
    for await (const translation of translateWindow(model, window, options)) yield { line: ++line, ...translation };
  }
}

/** Translates some lines together; each is given as soon as it and all before it are done. */
async function* translateWindow(
  model: Answering,
  window: readonly string[],
  options: AnswerOptions,
): AsyncGenerator<Omit<Translation, "line">, void> {
  const { nBest = 1 } = options;
  const lines = window.map((input) => ({ input, parts: textParts(input, model) }));
  const known = new Map<string, readonly TranslatedText[]>();
  let given = 0;
  const done = function* () {
    for (; given < lines.length && lines[given].parts.every((part) => known.has(part)); given++) {
      const { input, parts } = lines[given];
      const ways = joined(
        parts.map((part) => known.get(part)!),
        nBest,
      );
      yield { input, ...ways[0], parts: parts.length, ...(nBest > 1 && { nBest: ways }) };
    }
  };
  for (const batch of batchesByLength(new Set(lines.flatMap(({ parts }) => parts)), model)) {
    const answers = await model.answerAll(batch, options);
    for (const [i, answer] of answers.entries()) known.set(batch[i], waysOf(answer));
    yield* done();
  }
  yield* done();
}

/** Texts about as long as one another in each batch, the longest first. */
function batchesByLength(texts: Iterable<string>, model: ReadingLimit): string[][] {
  const sorted = Array.from(texts, (text) => ({ text, tokens: model.countTokens(text) }));
  sorted.sort((a, b) => b.tokens - a.tokens);
  const batches: string[][] = [];
  for (let at = 0; at < sorted.length; at += batches.at(-1)!.length) {
    const count = Math.min(BATCH.texts, Math.max(1, Math.floor(BATCH.tokens / sorted[at].tokens)));
    batches.push(sorted.slice(at, at + count).map(({ text }) => text));
  }
  return batches;
}

function waysOf(answer: Answered): TranslatedText[] {
  return (answer.nBest ?? [answer]).map(({ answer: text, score, penalisedScore, finished }) => ({
    translation: oneLine(text),
    score,
    penalisedScore,
    finished,
  }));
}

/** The best ways to say all parts, one after another, from the ways to say each. */
function joined(parts: readonly (readonly TranslatedText[])[], most: number): readonly TranslatedText[] {
  const [first = [NOTHING], ...others] = parts;
  return others.reduce(
    (before, ways) =>
      before
        .flatMap((left) => ways.map((right) => together(left, right)))
        .sort((a, b) => b.penalisedScore - a.penalisedScore)
        .slice(0, most),
    first,
  );
}

function together(left: TranslatedText, right: TranslatedText): TranslatedText {
  return {
    translation: left.translation + (left.translation && right.translation && " ") + right.translation,
    score: left.score + right.score,
    penalisedScore: left.penalisedScore + right.penalisedScore,
    finished: left.finished && right.finished,
  };
}
