import { Command, Option } from "@commander-js/extra-typings";
import type { TrainingRun } from "../training/run.ts";
import { type RunOptions, runOptions, type TaskName } from "../training/run-options.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { flagName } from "./flag-name.ts";
import { seconds } from "./numbers.ts";
import { tell } from "./output.ts";
import { portFlag } from "./port-flag.ts";
import { COLUMNS, columnsIn, dataFlags, givenIn, type RunFlags } from "./run-flags.ts";
import { runOptionFlags } from "./run-option-flags.ts";
import { quoted, sameCommand } from "./shell-words.ts";

const EXAMPLES = `
Examples:
  jumok train pairs.csv --out model
  jumok train talk.tsv --out model --source 질문 --target 답변 --epochs 30
  jumok train ChatbotData.csv --out model --preset notes-chatbot --seed 7
  jumok train pairs.csv --out model --model recurrent --cell gru --attention dot
  jumok train sentences.tsv --out model --task translate --source ko --target en --average 5
  jumok train reviews.tsv --out judge --task classify
  jumok train train.csv.gz --out judge --preset notes-imdb --text text --label label --valid test.csv.gz
  jumok train pairs.csv --out model --config options.yaml --valid held-out.csv
  jumok train pairs.csv --out model --studio    watch it on a page, where it can be stopped and gone on with
  jumok train --out model --resume              go on with a run that was stopped

A config file holds the options above as YAML or JSON, by their names in the library, and may name a preset:
  preset: small
  numLayers: 3
  labelSmoothing: 0.1
A flag wins over the config file, the config file over the preset.`;

/** `jumok train` */
export function trainCommand() {
  const command = new Command("train")
    .description(
      "Trains a model on a CSV, TSV or JSONL file (also .gz) and writes a model folder: an encoder-decoder on sentence " +
        "pairs (--task chat or translate), or with --task classify a classifier on labelled texts.",
    )
    .argument("[data]", "the file of pairs or labelled texts; with --resume it may be left out")
    .requiredOption("--out <dir>", "the folder that receives the model")
    .option("--resume", "go on with the run in the folder")
    .addOption(new Option("--overwrite", "replace what the folder holds").conflicts("resume"))
    .addOption(
      new Option("--checkpoint-seconds <s>", "seconds between checkpoints inside an epoch; 60 if not given").argParser(
        seconds,
      ),
    )
    .option("--no-history", "keep no history of the run: its events, its answers as they change, a film of attention")
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .option("--studio", "show the training on a page of this machine, where it can also be stopped and gone on with")
    .addOption(portFlag().implies({ studio: true }))
    .option("--json", "print events as JSON, one a line, and nothing else");
  for (const flag of dataFlags()) command.addOption(flag);
  for (const flag of runOptionFlags())
    command.addOption(flag.helpGroup("Options of the model, the text and the training:"));
  return command.addHelpText("after", EXAMPLES).action(async (data, given) => {
    const flags: typeof given & RunFlags = given;
    const { out, json, resume, overwrite, device, threads } = flags;
    const { readSavedRun } = await import("../training/run.ts");
    const saved = resume ? await readSavedRun(out) : undefined;
    const { checkpointSeconds = saved?.checkpointSeconds } = flags;
    const history = flags.history && saved?.history !== false;
    const planned = saved ? await resumedRun(saved, data, flags) : await newRun(data, flags);

    if (flags.studio) {
      const { trainInStudio } = await import("./train-in-studio.ts");
      process.exitCode = await trainInStudio({
        run: { ...planned, out, resume, overwrite, checkpointSeconds, history },
        ...{ device, threads, json, port: flags.port },
        goOn: resume ? sameCommand() : `${sameCommand()} --resume`,
      });
      return;
    }
    const { openEngine } = await import("../runtime/node.ts");
    const engine = await openEngine({ device, threads });
    const { runTraining } = await import("./run-training.ts");
    const code = await runTraining({
      run: { ...planned, out, engine, resume, overwrite, checkpointSeconds, history },
      json,
      goOn: resume ? sameCommand() : `${sameCommand()} --resume`,
    });
    if (code === 0 && !json) tell(`the model is in ${out}\n${USE[planned.options.task]} ${quoted(out)}`);
    process.exitCode = code;
  });
}

/** What to do with a trained model. */
const USE: Readonly<Record<TaskName, string>> = {
  chat: "talk to it: jumok chat",
  translate: "try it: jumok translate",
  classify: "try it: jumok classify",
};

type Planned = Pick<TrainingRun, "data" | "columns" | "valid" | "options">;

async function newRun(data: string | undefined, flags: RunFlags): Promise<Planned> {
  if (data === undefined) throw new UsageError("missing the file of examples: jumok train DATA --out DIR");
  const { preset, given } = await givenIn(flags);
  const options = runOptions(preset, ...given);
  return { data, columns: columnsIn(flags, options.task), valid: flags.valid, options };
}

/** The run that was saved, if nothing that is given now says otherwise. */
async function resumedRun(saved: Planned, data: string | undefined, flags: RunFlags): Promise<Planned> {
  const { preset, named, given } = await givenIn(flags);
  const wanted: Partial<RunOptions> = named ? runOptions(preset, ...given) : Object.assign({}, ...given);
  const keys = Object.keys(wanted) as (keyof RunOptions)[];
  const changed = keys.find((key) => wanted[key] !== saved.options[key]);
  if (changed !== undefined) throw differs(flagName(changed), wanted[changed], saved.options[changed]);
  const columns = columnsIn(flags, saved.options.task);
  for (const key of COLUMNS) {
    const [now, before] = [columns[key], saved.columns?.[key]];
    if (now !== undefined && before !== undefined && now !== before) throw differs(`--${key}`, now, before);
  }
  return {
    data: data ?? saved.data,
    columns: { ...saved.columns, ...columns },
    valid: flags.valid ?? saved.valid,
    options: saved.options,
  };
}

function differs(flag: string, now: unknown, before: unknown): UsageError {
  return new UsageError(
    `${flag} is ${now}, but the run to be resumed has ${before ?? "none"}; leave ${flag} out, or start anew with --overwrite`,
  );
}
