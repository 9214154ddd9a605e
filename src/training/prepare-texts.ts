import { DataError } from "../data/data-error.ts";
import { type LabelReport, reportLabelled } from "../data/label-report.ts";
import { splitLabelled, type TextLeak, textLeak } from "../data/labelled-split.ts";
import type { LabelledFile, LabelledText } from "../data/labelled-texts.ts";
import { Tokenizer } from "../text/tokenizer.ts";
import { truncated } from "../text/truncate.ts";
import type { ClassifyOptions } from "./classify-options.ts";
import type { LabelledExample } from "./classify-task.ts";
import type { TrainData } from "./train-options.ts";

/** Labelled texts made ready for training. */
export interface PreparedTexts {
  readonly tokenizer: Tokenizer;
  /** The names of the classes, by number. */
  readonly labels: readonly string[];
  readonly data: TrainData<LabelledExample>;
  readonly report: LabelReport;
  /** There where texts are held out. */
  readonly leak?: TextLeak;
  readonly trainTexts: readonly LabelledText[];
  readonly validTexts: readonly LabelledText[];
}

/**
 * Splits labelled texts, trains the tokenizer on those to learn from, reports, and turns texts into token ids. Texts
 * longer than `maxLength` are cut; those of which no token is left are left out, and reported as such.
 *
 * @param valid texts held out by the caller; without them `validFraction` of the file is
 * @throws {DataError} when there are less than two classes whose texts have words, when almost every text has a label of its own, when a
 *   held-out label never occurs in training, or when no text to learn from, or no held-out one, has words
 */
export function prepareTexts(
  file: LabelledFile,
  options: ClassifyOptions,
  valid?: Pick<LabelledFile, "file" | "texts">,
): PreparedTexts {
  const labels = classesOf(file);
  const split = valid === undefined ? heldOutTexts(file.texts, options) : { train: file.texts, valid: valid.texts };
  checkLabels(split.valid, labels, valid?.file ?? file.file);
  const tokenizer = Tokenizer.train(
    split.train.map(({ text }) => text),
    { ...options, kind: options.tokenizer },
  );
  const ids = new Map([...file.texts, ...split.valid].map((item) => [item, tokenizer.encode(item.text)]));
  const idsOf = (item: LabelledText) => ids.get(item)!;
  const hasWords = (item: LabelledText) => idsOf(item).length > 0;
  const [trainTexts, validTexts] = [split.train.filter(hasWords), split.valid.filter(hasWords)];
  if (trainTexts.length === 0) throw new DataError("no text to learn from has words", file);
  const learnt = new Set(trainTexts.map(({ label }) => label));
  if (learnt.size === 1) {
    throw new DataError(
      `of the texts to learn from only those of the label ${[...learnt][0]} have words; a classifier wants at least two classes`,
      file,
    );
  }
  if (split.valid.length > 0 && validTexts.length === 0) {
    throw new DataError("no held-out text has words", valid ?? file);
  }
  const empty = file.texts.filter((item) => !hasWords(item));
  const texts = file.texts.filter(hasWords);
  const nothing = empty.map(({ line }) => ({ file: file.file, line, reason: "no words", value: "" }));
  const report = reportLabelled(
    { texts, problems: [...file.problems, ...nothing] },
    { ids: texts.map(idsOf), maxLength: options.maxLength, unknownId: tokenizer.unknownId },
  );
  const number = new Map(labels.map((label, i) => [label, i]));
  const example = (item: LabelledText): LabelledExample => ({
    ids: Int32Array.from(truncated(idsOf(item), options.maxLength, options.truncate)),
    label: number.get(item.label)!,
  });
  return {
    tokenizer,
    labels,
    report,
    trainTexts,
    validTexts,
    ...(validTexts.length > 0 && { leak: textLeak(trainTexts, validTexts) }),
    data: { train: trainTexts.map(example), valid: validTexts.map(example) },
  };
}

/** Texts to learn from, and those that the options say are held out. */
export function heldOutTexts(
  texts: readonly LabelledText[],
  { seed, validFraction }: Pick<ClassifyOptions, "seed" | "validFraction">,
): { train: readonly LabelledText[]; valid: readonly LabelledText[] } {
  return validFraction === 0 ? { train: texts, valid: [] } : splitLabelled(texts, { fraction: validFraction, seed });
}

/** The labels of a file in their natural order: 2 before 10. */
function classesOf({ file, texts, columns }: LabelledFile): string[] {
  const labels = [...new Set(texts.map(({ label }) => label))].sort(inOrder);
  if (labels.length === 1) {
    throw new DataError(
      `all ${texts.length} texts have the label ${labels[0]}; a classifier wants at least two classes, so check --label`,
      { file },
    );
  }
  if (labels.length > 2 && labels.length > texts.length / 2) {
    throw new DataError(
      `column "${columns.label}" has ${labels.length} different labels for ${texts.length} texts, too few texts of each to ` +
        "learn from; choose another column with --label",
      { file },
    );
  }
  return labels;
}

const { compare } = new Intl.Collator("en", { numeric: true });
const inOrder = (a: string, b: string) => compare(a, b) || (a < b ? -1 : 1);

/** @throws {DataError} when a text has a label that is not among the classes */
export function checkLabels(texts: readonly LabelledText[], labels: readonly string[], file: string): void {
  const known = new Set(labels);
  const strange = texts.find(({ label }) => !known.has(label));
  if (strange === undefined) return;
  const some =
    labels.length > 12 ? `${labels.slice(0, 12).join(", ")} and ${labels.length - 12} more` : labels.join(", ");
  throw new DataError(`the label ${strange.label} is none of the classes: they are ${some}`, {
    file,
    line: strange.line,
  });
}
