import { availableParallelism } from "node:os";
import { Command, Option } from "@commander-js/extra-typings";
import type { Evaluation } from "../training/evaluate-pairs.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { grouped, percent, positiveInteger, wholeNumber } from "./numbers.ts";
import { printJson, tell } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok evaluate model pairs.csv
  jumok evaluate model ChatbotData.csv --sample 500 --seed 1
  jumok evaluate model held-out.tsv --source 질문 --target 답변 --json

Loss, perplexity and accuracy are per real token of the targets, each told the right tokens before it, without dropout.
Exact match: the share of distinct sources that the model, writing on its own, answers as the file does (any of the
answers that the file gives to that source).`;

/** `jumok evaluate` */
export function evaluateCommand() {
  return new Command("evaluate")
    .description("Measures a trained model on a file of sentence pairs.")
    .argument("<dir>", "the folder of a trained model")
    .argument("<data>", "the file of pairs: CSV, TSV or JSONL, also .gz")
    .option("--source <column>", "column of the source texts, by name or by number from 1")
    .option("--target <column>", "column of the target texts")
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
    .action(async (dir, data, { source, target, strict, limit, sample, seed, device, threads, json }) => {
      const { openModel } = await import("../training/open-model.ts");
      const { readPairs } = await import("../data/pairs.ts");
      const { evaluatePairs } = await import("../training/evaluate-pairs.ts");
      const opened = await openModel(dir, { device, threads: threads ?? availableParallelism() });
      const { pairs, problems } = await readPairs(data, { source, target, strict });
      if (problems.length > 0 && !json) tell(`${grouped(problems.length)} bad rows of ${data} are left out`);
      const evaluation = await evaluatePairs(opened, pairs.slice(0, limit), { sample, seed });
      if (json) printJson({ ...evaluation, badRows: problems.length });
      else process.stdout.write(`${described(evaluation)}\n`);
    });
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
