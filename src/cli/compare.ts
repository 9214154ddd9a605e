import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { ComparedModel, CompareEvent, Comparison } from "../training/compare.ts";
import { USUAL_MODELS } from "../training/model-name.ts";
import { PRESETS, type RunOptions } from "../training/run-options.ts";
import { bleuTokenizerFlag } from "./bleu-tokenizer-flag.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { grouped, positiveInteger } from "./numbers.ts";
import { printJson, tell } from "./output.ts";
import { columnsIn, dataFlags, givenIn, type RunFlags } from "./run-flags.ts";
import { runOptionFlags, runOptionOf } from "./run-option-flags.ts";
import { sameCommand } from "./shell-words.ts";
import { StopSignal } from "./stop-signal.ts";
import { styleFor } from "./style.ts";
import { HumanDisplay } from "./training-display.ts";

const EXAMPLES = `
Examples:
  jumok compare pairs.csv --out comparison
  jumok compare train.tsv --valid val.tsv --test test.tsv --source de --target en --minutes 10 --out comparison
  jumok compare reviews.tsv --task classify --models bag,lstm,lstm+bahdanau --epochs 5 --out comparison
  jumok compare pairs.csv --models gru+bahdanau,transformer --set transformer.num-layers=4 --set gru+bahdanau.dropout=0.3 --out comparison

Models that write: ${USUAL_MODELS.chat.join(", ")}; also rnn, and +general.
Classifiers: ${USUAL_MODELS.classify.join(", ")}; also rnn and gru, each and bag with +bahdanau.
Each gets one budget: the same epochs, or with --minutes as many epochs as fit into the time, found by trying how fast it
is. Scores are of the test file, else of the validation file, else of the part held out. The folder receives results.json,
table.md, chart.svg, and the models; a model that was finished before is not trained again.`;

/** `jumok compare` */
export function compareCommand() {
  const command = new Command("compare")
    .description("Trains several models on one file with one budget, and shows quality against time and length.")
    .argument("<data>", "the file of pairs or labelled texts")
    .requiredOption("--out <dir>", "the folder that receives table, chart and models")
    .option("--models <names>", "which models, with commas between")
    .addOption(
      new Option("--minutes <m>", "train each model for so many minutes").argParser(minutes).conflicts("epochs"),
    )
    .option("--test <file>", "the file that scores are taken of")
    .addOption(new Option("--sample <n>", "take scores of so many rows, drawn at random").argParser(positiveInteger))
    .addOption(bleuTokenizerFlag("BLEU"))
    .addOption(
      new Option(
        "--set <model.flag=value>",
        "an option of one of the models, such as transformer.dropout=0.1; may be given again",
      )
        .argParser(changedBy)
        .default<ModelChanges>({}, "none"),
    )
    .option("--overwrite", "train all models anew")
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .option("--json", "print events as JSON, one a line, and nothing else");
  for (const flag of dataFlags()) command.addOption(flag);
  const flagsOfModel = new Set(["model", "cell", "attention"]);
  for (const flag of runOptionFlags()) {
    if (flagsOfModel.has(flag.attributeName())) continue;
    command.addOption(flag.helpGroup("Options of the models, the text and the training:"));
  }
  return command.addHelpText("after", EXAMPLES).action(async (data, all) => {
    const flags: typeof all & RunFlags = all;
    const { preset, given } = await givenIn(flags);
    const { task } = PRESETS[preset];
    const models = flags.models?.split(",").map((name) => name.trim()) ?? USUAL_MODELS[task];
    const stranger = Object.keys(flags.set).find((name) => !models.includes(name));
    if (stranger !== undefined) {
      throw new UsageError(`--set is for ${stranger}, which is not compared; there are ${models.join(", ")}`);
    }
    if (new Set(models).size < models.length) throw new UsageError("--models names a model twice");
    const { openEngine } = await import("../runtime/node.ts");
    const engine = await openEngine({ device: flags.device, threads: flags.threads });
    const { out, minutes, valid, test, sample, bleuTokenizer, overwrite } = flags;
    const columns = columnsIn(flags, task);
    process.exitCode = await compare(
      {
        data,
        columns,
        valid,
        test,
        out,
        models,
        preset,
        changes: given,
        own: flags.set,
        minutes,
        sample,
        bleuTokenizer,
        overwrite,
        engine,
      },
      flags.json ?? false,
    );
  });
}

/** @returns the exit code */
async function compare(comparison: Comparison, json: boolean): Promise<number> {
  const { compareModels } = await import("../training/compare.ts");
  const shown = new ComparisonDisplay(json);
  const stop = new StopSignal(() => shown.note("stopping after this step; Ctrl-C again quits at once"));
  const compared: ComparedModel[] = [];
  stop.listen();
  try {
    for await (const event of compareModels(comparison)) {
      shown.show(event);
      if (event.type === "compared") compared.push(event.model);
      if (stop.received !== undefined) break;
    }
  } finally {
    shown.close();
    stop.release();
  }
  if (stop.received !== undefined) {
    shown.note(`stopped; models that are finished are kept, go on with: ${sameCommand()}`);
    return stop.exitCode;
  }
  await report(compared, comparison, json);
  return 0;
}

/** Writes table and chart, and shows the table. */
async function report(models: readonly ComparedModel[], { out, data }: Comparison, json: boolean): Promise<void> {
  const { lineChart } = await import("../charts/line-chart.ts");
  const { writeAtomically } = await import("../formats/atomic-write.ts");
  const { alignedTable, comparisonChart, comparisonNotes, comparisonTable, lengthTable, markdownTable } = await import(
    "./comparison-report.ts"
  );
  const [all, byLength] = [comparisonTable(models), lengthTable(models)];
  const notes = comparisonNotes(models)
    .map((line) => `\n${line}\n`)
    .join("");
  await writeAtomically(join(out, "results.json"), `${JSON.stringify(models, undefined, 2)}\n`);
  await writeAtomically(join(out, "table.md"), `${markdownTable(all)}\n\n${markdownTable(byLength)}\n${notes}`);
  await writeAtomically(join(out, "chart.svg"), lineChart(comparisonChart(models, data)));
  if (json) return;
  process.stdout.write(`\n${alignedTable(all)}\n\n${alignedTable(byLength)}\n${notes}`);
  tell(`the table is in ${join(out, "table.md")}, the chart in ${join(out, "chart.svg")}`);
}

/** Each model's run as `jumok train` shows it, under its name. */
class ComparisonDisplay {
  readonly #json: boolean;
  #display = new HumanDisplay();

  constructor(json: boolean) {
    this.#json = json;
  }

  show(event: CompareEvent): void {
    if (this.#json) {
      printJson(event);
      return;
    }
    const { bold } = styleFor(process.stderr);
    switch (event.type) {
      case "model":
        this.#display = new HumanDisplay();
        this.note(`\n${bold(`${event.name}  (${event.place} of ${event.of})`)}`);
        break;
      case "budget":
        this.note(`an epoch takes ${event.secondsPerEpoch.toFixed(1)} s: ${grouped(event.epochs)} fit`);
        break;
      case "run":
        this.#display.show(event.event);
        break;
      case "compared":
        if (event.earlier) this.note("finished before with the same options and data");
        break;
    }
  }

  note(line: string): void {
    if (!this.#json) this.#display.note(line);
  }

  close(): void {
    this.#display.close();
  }
}

type ModelChanges = Readonly<Record<string, Partial<RunOptions>>>;

/** What `--set` says, beside what it said before. */
function changedBy(text: string, before: ModelChanges): ModelChanges {
  const [, name, flag, value] = /^([^.=]+)\.([\w-]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new InvalidArgumentError("It must name model, flag and value, such as transformer.dropout=0.1.");
  }
  return { ...before, [name]: { ...before[name], ...runOptionOf(flag, value) } as Partial<RunOptions> };
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}
