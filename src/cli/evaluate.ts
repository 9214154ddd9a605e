import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { METRICS, type Metric } from "../training/pair-metrics.ts";
import { bleuTokenizerFlag } from "./bleu-tokenizer-flag.ts";
import { deviceFlag, precisionFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { flagName } from "./flag-name.ts";
import { positiveInteger, wholeNumber } from "./numbers.ts";
import { type SearchFlags, searchFlags } from "./search-flags.ts";

const EXAMPLES = `
Examples:
  jumok evaluate model pairs.csv
  jumok evaluate model test.tsv --beam 5 --metrics bleu,chrf
  jumok evaluate model test.tsv --beam 5 --metrics bleu --bleu-tokenizer none --lowercase --out hypotheses.txt
  jumok evaluate model ChatbotData.csv --metrics exact,bleu,distinct --sample 500 --seed 1
  jumok evaluate model held-out.tsv --source 질문 --target 답변 --json
  jumok evaluate judge test.csv.gz --text text --label label

Of a model that writes, --metrics names, with commas between; loss,exact,time if not given:
  loss      loss, perplexity and accuracy per real token of the targets, each told the right tokens before it
  exact     the share of distinct sources that the model, writing on its own, answers as the file does (any of the answers
            that the file gives to that source)
  bleu      BLEU of the answers, each row against its own target, with sacreBLEU's signature; so chrf
  distinct  different words, and pairs of words, of the answers over all their words (distinct-1, distinct-2)
  time      the median time of an answer asked alone
Answers are greedy without flags of search. To sources that the model learnt from and to others they are measured apart too,
where the training file is named by --train, or is still where it was and as it was.
Of a classifier: accuracy over the texts; macro F1, the mean of the classes' F1; the cross-entropy; how many texts of
which class were told to be of which.`;

/** `jumok evaluate` */
export function evaluateCommand() {
  const command = new Command("evaluate")
    .description("Measures a trained model on a file of sentence pairs, a classifier on one of labelled texts.")
    .argument("<dir>", "the folder of a trained model")
    .argument("<data>", "the file: CSV, TSV or JSONL, also .gz")
    .option("--source <column>", "column of the source texts, by name or by number from 1")
    .option("--target <column>", "column of the target texts")
    .option("--text <column>", "column of the texts, for a classifier")
    .option("--label <column>", "column of their classes")
    .option("--strict", "make a bad row an error instead of leaving it out")
    .addOption(new Option("--limit <n>", "read only the first rows").argParser(positiveInteger))
    .addOption(new Option("--sample <n>", "ask only so many rows, drawn at random").argParser(positiveInteger))
    .addOption(
      new Option("--seed <n>", "of the sample, and of pieces that are drawn; 1 if not given").argParser(wholeNumber),
    )
    .addOption(new Option("--metrics <names>", "what to measure, see below").argParser(metricNames))
    .addOption(bleuTokenizerFlag("BLEU and distinct-n"))
    .option("--lowercase", "compare without regard to letter case")
    .option("--train <file>", "the file that the model learnt from, to measure answers to its sources apart")
    .option("-o, --out <file>", "write the answers there, one a line, in the order of the rows")
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .addOption(precisionFlag())
    .option("--json", "print the measures as one JSON object")
    .addHelpText("after", EXAMPLES);
  for (const flag of searchFlags()) {
    if (flag.attributeName() !== "nBest" && flag.attributeName() !== "seed") command.addOption(flag);
  }
  return command.action(async (dir, data, all) => {
    const flags: typeof all & SearchFlags = all;
    const { source, target, text, label, strict, limit, device, threads, json, ...ofWriting } = flags;
    const common = { limit, device, threads, json };
    const { evaluateClassifier, evaluateSeq2Seq } = await import("./evaluate-model.ts");
    const { kindOfModel } = await import("../formats/model-folder.ts");
    if ((await kindOfModel(dir)) === "classifier") {
      refuse({ source, target, ...ofWriting }, "a classifier is measured with --text and --label");
      await evaluateClassifier(dir, data, { ...common, columns: { text, label, strict } });
    } else {
      refuse({ text, label }, "a model that writes is measured with --source and --target");
      await evaluateSeq2Seq(dir, data, { ...common, ...ofWriting, columns: { source, target, strict } });
    }
  });
}

function metricNames(names: string): Metric[] {
  return names.split(",").map((name) => {
    const known = METRICS.find((metric) => metric === name.trim());
    if (known === undefined)
      throw new InvalidArgumentError(`It must be some of ${METRICS.join(", ")}, with commas between.`);
    return known;
  });
}

function refuse(flags: Readonly<Record<string, unknown>>, instead: string): void {
  const given = Object.keys(flags).find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(`${flagName(given)} has no meaning here: ${instead}`);
}
