import { availableParallelism } from "node:os";
import { Command, Option } from "@commander-js/extra-typings";
import type { ReadLabelledOptions } from "../data/labelled-texts.ts";
import type { ReadPairsOptions } from "../data/pairs.ts";
import type { ColumnChoice } from "../data/row.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import type { Evaluation } from "../training/evaluate-pairs.ts";
import type { TextEvaluation } from "../training/evaluate-texts.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { grouped, percent, positiveInteger, wholeNumber } from "./numbers.ts";
import { printJson, tell } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok evaluate model pairs.csv
  jumok evaluate model ChatbotData.csv --sample 500 --seed 1
  jumok evaluate model held-out.tsv --source 질문 --target 답변 --json
  jumok evaluate judge test.csv.gz --text text --label label

Of a model that writes: loss, perplexity and accuracy are per real token of the targets, each told the right tokens before
it, without dropout. Exact match: the share of distinct sources that the model, writing on its own, answers as the file
does (any of the answers that the file gives to that source).
Of a classifier: accuracy over the texts; macro F1, the mean of the classes' F1; the cross-entropy; how many texts of
which class were told to be of which.`;

/** `jumok evaluate` */
export function evaluateCommand() {
  return new Command("evaluate")
    .description("Measures a trained model on a file of sentence pairs, a classifier on one of labelled texts.")
    .argument("<dir>", "the folder of a trained model")
    .argument("<data>", "the file: CSV, TSV or JSONL, also .gz")
    .option("--source <column>", "column of the source texts, by name or by number from 1")
    .option("--target <column>", "column of the target texts")
    .option("--text <column>", "column of the texts, for a classifier")
    .option("--label <column>", "column of their classes")
    .option("--strict", "make a bad row an error instead of leaving it out")
    .addOption(new Option("--limit <n>", "read only the first rows").argParser(positiveInteger))
    .addOption(
      new Option("--sample <n>", "take exact match over so many rows, drawn at random").argParser(positiveInteger),
    )
    .addOption(new Option("--seed <n>", "of the sample; 1 if not given").argParser(wholeNumber))
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .option("--json", "print the measures as one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, data, { source, target, text, label, ...flags }) => {
      const { kindOfModel } = await import("../formats/model-folder.ts");
      if ((await kindOfModel(dir)) === "classifier") {
        refuse(
          { source, target, sample: flags.sample, seed: flags.seed },
          "a classifier is measured with --text and --label",
        );
        await evaluateClassifier(dir, data, { ...flags, columns: { text, label, strict: flags.strict } });
      } else {
        refuse({ text, label }, "a model that writes is measured with --source and --target");
        await evaluateSeq2Seq(dir, data, { ...flags, columns: { source, target, strict: flags.strict } });
      }
    });
}

interface Flags<Columns> extends EngineOptions {
  readonly columns: Columns;
  readonly limit?: number;
  readonly sample?: number;
  readonly seed?: number;
  readonly json?: true;
}

async function evaluateSeq2Seq(dir: string, data: string, flags: Flags<ReadPairsOptions>): Promise<void> {
  const { device, threads = availableParallelism(), limit, sample, seed, json } = flags;
  const { openModel } = await import("../training/open-model.ts");
  const { readPairs } = await import("../data/pairs.ts");
  const { evaluatePairs } = await import("../training/evaluate-pairs.ts");
  const opened = await openModel(dir, { device, threads });
  const { pairs, problems } = await readPairs(data, flags.columns);
  tellBadRows(problems.length, data, json);
  const evaluation = await evaluatePairs(opened, pairs.slice(0, limit), { sample, seed });
  if (json) printJson({ ...evaluation, badRows: problems.length });
  else process.stdout.write(`${described(evaluation)}\n`);
}

async function evaluateClassifier(dir: string, data: string, flags: Flags<ReadLabelledOptions>): Promise<void> {
  const { device, threads, limit, json } = flags;
  const { openClassifier } = await import("../training/open-model.ts");
  const { readLabelled } = await import("../data/labelled-texts.ts");
  const { evaluateTexts } = await import("../training/evaluate-texts.ts");
  const opened = await openClassifier(dir, { device, threads });
  const { file, texts, problems } = await readLabelled(data, flags.columns);
  tellBadRows(problems.length, data, json);
  const evaluation = await evaluateTexts(opened, { file, texts: texts.slice(0, limit) });
  if (json) printJson({ ...evaluation, badRows: problems.length });
  else process.stdout.write(`${describedTexts(evaluation)}\n`);
}

function tellBadRows(count: number, data: string, json: true | undefined): void {
  if (count > 0 && !json) tell(`${grouped(count)} bad rows of ${data} are left out`);
}

function refuse(flags: Readonly<Record<string, ColumnChoice | undefined>>, instead: string): void {
  const given = Object.keys(flags).find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} has no meaning here: ${instead}`);
}

function described(measured: Evaluation): string {
  const { loss, perplexity, accuracy, tokens, exactMatch, sources, rows, exactMatchRows, tooLong } = measured;
  return [
    `loss          ${loss.toFixed(4)} nats a token`,
    `perplexity    ${perplexity.toFixed(3)}`,
    `accuracy      ${percent(accuracy)} of ${grouped(tokens)} tokens`,
    `exact match   ${percent(exactMatch)} of ${grouped(sources)} distinct sources, ${percent(exactMatchRows)} of ${grouped(rows)} rows`,
    `an answer     ${measured.millisecondsPerAnswer.toFixed(1)} ms, median`,
    ...(tooLong > 0 ? [`left out      ${grouped(tooLong)} pairs too long for the model`] : []),
  ].join("\n");
}

function describedTexts({ loss, accuracy, macroF1, classes, confusion, labels, texts, cut, empty }: TextEvaluation) {
  const width = Math.max(5, ...labels.map((label) => label.length), ...confusion.flat().map((n) => grouped(n).length));
  const cell = (value: string) => value.padStart(width);
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
