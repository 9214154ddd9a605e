import { DataError } from "../data/data-error.ts";
import type { LabelledFile } from "../data/labelled-texts.ts";
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

/**
 * Measures a classifier on labelled texts.
 *
 * @throws {DataError} when a label is none of the classifier's, or no text has words
 */
export async function evaluateTexts(
  { judge, tokenizer }: Pick<OpenedClassifier, "judge" | "tokenizer">,
  { file, texts }: Pick<LabelledFile, "file" | "texts">,
): Promise<TextEvaluation> {
  const { labels } = judge;
  checkLabels(texts, labels, file);
  const fitting = texts.filter(({ text }) => tokenizer.encode(text).length > 0);
  if (fitting.length === 0) throw new DataError("no text has words that the model could read", { file });
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const truth = fitting.map(({ label }) => numbers.get(label)!);
  const judged = await judge.judgeAll(fitting.map(({ text }) => text));
  const told = judged.map(({ label }) => numbers.get(label)!);
  const loss = judged.reduce((sum, { logProbabilities }: Judgement, i) => sum - logProbabilities[truth[i]], 0);
  return {
    ...classScores(truth, told, labels.length),
    loss: loss / fitting.length,
    texts: fitting.length,
    labels,
    cut: judged.filter(({ cut }) => cut > 0).length,
    empty: texts.length - fitting.length,
  };
}
