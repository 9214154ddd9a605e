import { Command, Option } from "@commander-js/extra-typings";
import type { ColumnChoice } from "../data/row.ts";
import type { TrainingRun } from "../training/run.ts";
import { PRESETS, type PresetName, type RunOptions, runOptions } from "../training/run-options.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { seconds } from "./numbers.ts";
import { tell } from "./output.ts";
import { givenRunOptions, kebab, runOptionFlags } from "./run-option-flags.ts";
import { quoted, sameCommand } from "./shell-words.ts";

const EXAMPLES = `
Examples:
  jumok train pairs.csv --out model
  jumok train talk.tsv --out model --source 질문 --target 답변 --epochs 30
  jumok train ChatbotData.csv --out model --preset notes-chatbot --seed 7
  jumok train pairs.csv --out model --config options.yaml --valid held-out.csv
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
      "Trains an encoder-decoder Transformer on a CSV, TSV or JSONL file of sentence pairs (also .gz) and writes a model folder.",
    )
    .argument("[data]", "the file of pairs; with --resume it may be left out")
    .requiredOption("--out <dir>", "the folder that receives the model")
    .addOption(
      new Option("--preset <name>", 'options that go well together (default: "small")').choices(
        Object.keys(PRESETS) as PresetName[],
      ),
    )
    .option("--config <file>", "YAML or JSON file with options")
    .addOption(new Option("--valid <file>", "a second file, held out for validation").conflicts("validFraction"))
    .option("--source <column>", "column of the source texts, by name or by number from 1")
    .option("--target <column>", "column of the target texts")
    .option("--group <column>", "column whose equal values are held out together; means --keep-together group")
    .option("--strict", "make a bad row an error instead of leaving it out")
    .option("--resume", "go on with the run in the folder")
    .addOption(new Option("--overwrite", "replace what the folder holds").conflicts("resume"))
    .addOption(
      new Option("--checkpoint-seconds <s>", "seconds between checkpoints inside an epoch; 60 if not given").argParser(
        seconds,
      ),
    )
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .option("--json", "print events as JSON, one a line, and nothing else");
  for (const flag of runOptionFlags())
    command.addOption(flag.helpGroup("Options of the model, the text and the training:"));
  return command.addHelpText("after", EXAMPLES).action(async (data, flags) => {
    const { out, json, resume, overwrite, checkpointSeconds, device, threads } = flags;
    const { readSavedRun } = await import("../training/run.ts");
    const saved = resume ? await readSavedRun(out) : undefined;
    const planned = saved ? await resumedRun(saved, data, flags) : await newRun(data, flags);

    const { openEngine } = await import("../runtime/node.ts");
    const engine = await openEngine({ device, threads });
    const { runTraining } = await import("./run-training.ts");
    const code = await runTraining({
      run: { ...planned, out, engine, resume, overwrite, checkpointSeconds },
      json,
      goOn: resume ? sameCommand() : `${sameCommand()} --resume`,
    });
    if (code === 0 && !json) tell(`the model is in ${out}\ntalk to it: jumok chat ${quoted(out)}`);
    process.exitCode = code;
  });
}

interface Flags {
  readonly preset?: PresetName;
  readonly config?: string;
  readonly valid?: string;
  readonly source?: ColumnChoice;
  readonly target?: ColumnChoice;
  readonly group?: ColumnChoice;
  readonly strict?: true;
}

type Planned = Pick<TrainingRun, "data" | "columns" | "valid" | "options">;

async function newRun(data: string | undefined, flags: Flags): Promise<Planned> {
  if (data === undefined) throw new UsageError("missing the file of pairs: jumok train DATA --out DIR");
  const { preset = "small", given } = await givenIn(flags);
  const implied: Partial<RunOptions> = flags.group === undefined ? {} : { keepTogether: "group" };
  return { data, columns: columnsIn(flags), valid: flags.valid, options: runOptions(preset, implied, ...given) };
}

/** The run that was saved, if nothing that is given now says otherwise. */
async function resumedRun(saved: Planned, data: string | undefined, flags: Flags): Promise<Planned> {
  const { preset, given } = await givenIn(flags);
  const wanted: Partial<RunOptions> = preset ? runOptions(preset, ...given) : Object.assign({}, ...given);
  const keys = Object.keys(wanted) as (keyof RunOptions)[];
  const changed = keys.find((key) => wanted[key] !== saved.options[key]);
  if (changed !== undefined) throw differs(`--${kebab(changed)}`, wanted[changed], saved.options[changed]);
  const columns = columnsIn(flags);
  for (const key of ["source", "target", "group"] as const) {
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

/** What flags and the config file say, the file first. */
async function givenIn(flags: Flags): Promise<{ preset?: PresetName; given: Partial<RunOptions>[] }> {
  const ofFlags = givenRunOptions({ ...flags });
  if (flags.config === undefined) return { preset: flags.preset, given: [ofFlags] };
  const { readConfigFile } = await import("./config-file.ts");
  const { preset, ...ofFile } = await readConfigFile(flags.config);
  return { preset: flags.preset ?? preset, given: [ofFile, ofFlags] };
}

function columnsIn({ source, target, group, strict }: Flags) {
  return {
    ...(source !== undefined && { source }),
    ...(target !== undefined && { target }),
    ...(group !== undefined && { group }),
    ...(strict && { strict }),
  };
}
