import type { LabelledFile } from "../data/labelled-texts.ts";
import type { Pair } from "../data/pair.ts";
import type { BleuTokenizer } from "../metrics/bleu-tokenizers.ts";
import { answerPairs } from "./answer-pairs.ts";
import { answerScores } from "./answer-scores.ts";
import { Evaluator } from "./evaluate.ts";
import { fittingPairs } from "./evaluate-pairs.ts";
import { type JudgedText, judgeTexts, scoresOf } from "./evaluate-texts.ts";
import { addTally, type Measures, measuresOf, NO_TALLY } from "./events.ts";
import { GivenAnswers } from "./exact-match.ts";
import { lengthBins } from "./length-bins.ts";
import type { OpenedClassifier, OpenedModel } from "./open-model.ts";
import { Seq2SeqTask } from "./seq2seq-task.ts";

/** What a model reaches on examples. */
export interface Scores {
  /** Cross-entropy in nats: of pairs a token, of texts a text. */
  readonly loss: number;
  /** Of tokens told the right ones before them, or of texts. */
  readonly accuracy: number;
  /** Of pairs: e to the loss. */
  readonly perplexity?: number;
  /** Of pairs: of the model's own answers, `0 … 100`. */
  readonly bleu?: number;
  /** Of pairs: share of answers that the file gives to the same source. */
  readonly exactMatch?: number;
  /** Of texts. */
  readonly macroF1?: number;
}

/** Scores of the examples whose source or text has so many words. */
export interface ScoresOfLength extends Scores {
  readonly examples: number;
  readonly shortest: number;
  readonly longest: number;
  /** Mean of the words. */
  readonly words: number;
}

/** Scores in all and by length. */
export interface ScoresByLength extends Scores {
  readonly examples: number;
  /** Examples that are not measured: pairs with more tokens than the model takes, texts and sources without words. */
  readonly leftOut: number;
  readonly byLength: readonly ScoresOfLength[];
}

/** Parts by length, and the examples of each. */
const PARTS = { most: 10, least: 50 };

/**
 * Scores a model that writes: by how well it foretells the targets, and by its own answers.
 *
 * @throws {DataError} when no pair is short enough for the model
 */
export async function scorePairs(
  opened: OpenedModel,
  pairs: readonly Pair[],
  tokenizer: BleuTokenizer,
): Promise<ScoresByLength> {
  const { engine, model, weights } = opened;
  const { fitting, exampleOf } = fittingPairs(opened, pairs);
  const { answered } = await answerPairs(opened, fitting);
  const answers = new Map(answered.map((row) => [row.pair, row]));
  const given = new GivenAnswers(fitting, (text) => opened.tokenizer.normalForm(text));
  const own = (part: readonly Pair[]) => {
    const rows = part.map((pair) => answers.get(pair)!);
    const scores = answerScores(rows, given, ["exact", "bleu"], { tokenizer });
    return { bleu: scores.bleu?.score, exactMatch: scores.exactMatchRows };
  };
  const evaluator = await Evaluator.compile(engine, new Seq2SeqTask(model, opened.tokenizer.padId), weights);
  const byLength: ScoresOfLength[] = [];
  let total = NO_TALLY;
  for (const { examples, mean, ...bin } of lengthBins(fitting, ({ source }) => source, PARTS)) {
    const measures: Measures = await evaluator.measure(examples.map(exampleOf));
    const { loss, accuracy, perplexity, tokens } = measures;
    total = addTally(total, { loss: loss * tokens, correct: accuracy * tokens, tokens });
    byLength.push({ ...bin, words: mean, examples: examples.length, loss, accuracy, perplexity, ...own(examples) });
  }
  await evaluator.release();
  const { loss, accuracy, perplexity } = measuresOf(total);
  const leftOut = pairs.length - fitting.length;
  return { loss, accuracy, perplexity, ...own(fitting), examples: fitting.length, leftOut, byLength };
}

/**
 * Scores a classifier.
 *
 * @throws {DataError} as {@link judgeTexts}
 */
export async function scoreTexts(
  opened: Pick<OpenedClassifier, "judge" | "tokenizer">,
  file: Pick<LabelledFile, "file" | "texts">,
): Promise<ScoresByLength> {
  const judged = await judgeTexts(opened, file);
  const of = (part: readonly JudgedText[]) => {
    const { loss, accuracy, macroF1 } = scoresOf(part, opened.judge.labels);
    return { loss, accuracy, macroF1, examples: part.length };
  };
  const bins = lengthBins(judged, ({ item }) => item.text, PARTS);
  return {
    ...of(judged),
    leftOut: file.texts.length - judged.length,
    byLength: bins.map(({ examples, mean, ...bin }) => ({ ...bin, words: mean, ...of(examples) })),
  };
}
