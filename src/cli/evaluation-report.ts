import stringWidth from "string-width";
import type { AnswerScores } from "../training/answer-scores.ts";
import type { Evaluation } from "../training/evaluate-pairs.ts";
import type { TextEvaluation } from "../training/evaluate-texts.ts";
import { grouped, percent } from "./numbers.ts";

type Entry = readonly [name: string, value: string];

/** What was measured of a model that writes, for people. */
export function describedPairs(measured: Evaluation): string {
  const { loss, perplexity, accuracy, tokens, tooLong, millisecondsPerAnswer, seen, unseen } = measured;
  const entries: Entry[] = [];
  const tell = (name: string, value: string) => entries.push([name, value]);
  if (loss !== undefined) tell("loss", `${loss.toFixed(4)} nats a token`);
  if (perplexity !== undefined) tell("perplexity", perplexity.toFixed(3));
  if (accuracy !== undefined && tokens !== undefined)
    tell("accuracy", `${percent(accuracy)} of ${grouped(tokens)} tokens`);
  entries.push(...answerEntries(measured));
  if (millisecondsPerAnswer !== undefined) tell("an answer", `${millisecondsPerAnswer.toFixed(1)} ms, median`);
  for (const [name, part] of [
    ["seen", seen],
    ["unseen", unseen],
  ] as const) {
    if (part !== undefined && answerEntries(measured).length > 0) tell(name, partOf(part));
  }
  if (tooLong) tell("left out", `${grouped(tooLong)} pairs too long for the model, of the loss`);
  return entries.map(([name, value]) => `${name.padEnd(13)} ${value}`).join("\n");
}

function answerEntries({
  exactMatch,
  sources,
  exactMatchRows,
  rows,
  bleu,
  chrf,
  distinct,
}: Partial<AnswerScores>): Entry[] {
  const entries: Entry[] = [];
  if (exactMatch !== undefined && sources !== undefined && exactMatchRows !== undefined && rows !== undefined) {
    const ofRows = `${percent(exactMatchRows)} of ${grouped(rows)} rows`;
    entries.push(["exact match", `${percent(exactMatch)} of ${grouped(sources)} distinct sources, ${ofRows}`]);
  }
  for (const [name, metric] of [
    ["BLEU", bleu],
    ["chrF", chrf],
  ] as const) {
    if (metric !== undefined) entries.push([name, `${metric.score.toFixed(2)}  ${metric.signature}`]);
  }
  if (distinct !== undefined) {
    entries.push(["distinct-1", `${distinct.distinct1.toFixed(4)} of ${grouped(distinct.tokens)} tokens`]);
    entries.push(["distinct-2", distinct.distinct2.toFixed(4)]);
  }
  return entries;
}

/** The scores of a part of the rows, on one line. */
function partOf({ rows, sources = 0, exactMatch, bleu, chrf, distinct }: AnswerScores): string {
  const scores: string[] = [];
  if (exactMatch !== undefined)
    scores.push(`exact match ${percent(exactMatch)} of ${grouped(sources)} distinct sources`);
  if (bleu !== undefined) scores.push(`BLEU ${bleu.score.toFixed(2)}`);
  if (chrf !== undefined) scores.push(`chrF ${chrf.score.toFixed(2)}`);
  if (distinct !== undefined) {
    scores.push(`distinct-1 ${distinct.distinct1.toFixed(4)}`, `distinct-2 ${distinct.distinct2.toFixed(4)}`);
  }
  return [`${grouped(rows)} rows`, ...scores].join(", ");
}

/** What was measured of a classifier, for people. */
export function describedTexts(measured: TextEvaluation): string {
  const { loss, accuracy, macroF1, classes, confusion, labels, texts, cut, empty } = measured;
  const width = Math.max(
    5,
    ...labels.map((label) => stringWidth(label)),
    ...confusion.flat().map((n) => grouped(n).length),
  );
  const cell = (value: string) => " ".repeat(width - stringWidth(value)) + value;
  return [
    `accuracy      ${percent(accuracy)} of ${grouped(texts)} texts`,
    `macro F1      ${macroF1.toFixed(4)}`,
    `loss          ${loss.toFixed(4)} nats a text`,
    ...(cut > 0 ? [`cut           ${grouped(cut)} texts longer than the model reads`] : []),
    ...(empty > 0 ? [`left out      ${grouped(empty)} texts without words`] : []),
    "",
    `${cell("")}  ${labels.map(cell).join("  ")}   told to be`,
    ...confusion.map(
      (row, i) =>
        `${cell(labels[i])}  ${row.map((n) => cell(grouped(n))).join("  ")}   precision ${classes[i].precision.toFixed(3)}` +
        `  recall ${classes[i].recall.toFixed(3)}  F1 ${classes[i].f1.toFixed(3)}`,
    ),
  ].join("\n");
}
