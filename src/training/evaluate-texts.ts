import { DataError } from "../data/data-error.ts";
import type { LabelledFile, LabelledText } from "../data/labelled-texts.ts";
import type { Judgement } from "../decoding/judge.ts";
import { type ClassScores, classScores } from "../metrics/classification.ts";
import type { OpenedClassifier } from "./open-model.ts";
import { checkLabels } from "./prepare-texts.ts";

/** How well a classifier does on labelled texts. */
export interface TextEvaluation extends ClassScores {
  /** Cross-entropy in nats a text. */
  readonly loss: number;
  readonly texts: number;
  /** The names of the classes, by number. */
  readonly labels: readonly string[];
  /** Texts of which only a part was read. */
  readonly cut: number;
  /** Texts left out because no token is left of them. */
  readonly empty: number;
}

/** A text of a file with what a classifier says of it. */
export interface JudgedText {
  readonly item: LabelledText;
  readonly judgement: Judgement;
}

/**
 * Measures a classifier on labelled texts.
 *
 * @throws {DataError} when a label is none of the classifier's, or no text has words
 */
export async function evaluateTexts(
  opened: Pick<OpenedClassifier, "judge" | "tokenizer">,
  file: Pick<LabelledFile, "file" | "texts">,
): Promise<TextEvaluation> {
  const { labels } = opened.judge;
  const judged = await judgeTexts(opened, file);
  return {
    ...scoresOf(judged, labels),
    texts: judged.length,
    labels,
    cut: judged.filter(({ judgement }) => judgement.cut > 0).length,
    empty: file.texts.length - judged.length,
  };
}

/**
 * Judges the labelled texts that have words.
 *
 * @throws as {@link evaluateTexts}
 */
export async function judgeTexts(
  { judge, tokenizer }: Pick<OpenedClassifier, "judge" | "tokenizer">,
  { file, texts }: Pick<LabelledFile, "file" | "texts">,
): Promise<JudgedText[]> {
  checkLabels(texts, judge.labels, file);
  const fitting = texts.filter(({ text }) => tokenizer.encode(text).length > 0);
  if (fitting.length === 0) throw new DataError("no text has words that the model could read", { file });
  const judgements = await judge.judgeAll(fitting.map(({ text }) => text));
  return fitting.map((item, i) => ({ item, judgement: judgements[i] }));
}

/** Scores of judged texts, and the cross-entropy in nats a text. */
export function scoresOf(judged: readonly JudgedText[], labels: readonly string[]): ClassScores & { loss: number } {
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const truth = judged.map(({ item }) => numbers.get(item.label)!);
  const told = judged.map(({ judgement }) => numbers.get(judgement.label)!);
  const loss = judged.reduce((sum, { judgement }, i) => sum - judgement.logProbabilities[truth[i]], 0);
  return { ...classScores(truth, told, labels.length), loss: loss / judged.length };
}
