import { Option } from "@commander-js/extra-typings";
import type { ColumnChoice } from "../data/row.ts";
import type { TrainingRun } from "../training/run.ts";
import { PRESETS, type PresetName, type RunOptions, type TaskName, USUAL_PRESET } from "../training/run-options.ts";
import { UsageError } from "./failure.ts";
import { givenRunOptions } from "./run-option-flags.ts";

/** What {@link dataFlags} and the flags of options give. */
export interface RunFlags {
  readonly task?: string;
  readonly preset?: PresetName;
  readonly config?: string;
  readonly valid?: string;
  readonly source?: ColumnChoice;
  readonly target?: ColumnChoice;
  readonly group?: ColumnChoice;
  readonly text?: ColumnChoice;
  readonly label?: ColumnChoice;
  readonly strict?: true;
}

/** Flags that say what is read, and which options are meant. */
export function dataFlags() {
  return [
    new Option(
      "--preset <name>",
      'options that go well together (default: "small"; to translate "translation"; to classify "short-texts")',
    ).choices(Object.keys(PRESETS) as PresetName[]),
    new Option("--config <file>", "YAML or JSON file with options"),
    new Option("--valid <file>", "a second file, held out for validation").conflicts("validFraction"),
    new Option("--source <column>", "column of the source texts, by name or by number from 1"),
    new Option("--target <column>", "column of the target texts"),
    new Option("--text <column>", "column of the texts to be classified"),
    new Option("--label <column>", "column of their classes"),
    new Option("--group <column>", "column whose equal values are held out together; means --keep-together group"),
    new Option("--strict", "make a bad row an error instead of leaving it out"),
  ] as const;
}

/** What flags and the config file say, the file first, and the preset that they name or that their task has. */
export async function givenIn(
  flags: RunFlags,
): Promise<{ preset: PresetName; named: boolean; given: Partial<RunOptions>[] }> {
  const ofFlags = givenRunOptions({ ...flags });
  const given = [ofFlags];
  let { preset } = flags;
  if (flags.config !== undefined) {
    const { readConfigFile } = await import("./config-file.ts");
    const task = ofFlags.task ?? (preset && PRESETS[preset].task);
    const { preset: ofFile, ...options } = await readConfigFile(flags.config, task);
    preset ??= ofFile;
    given.unshift(options);
  }
  const task: TaskName = preset ? PRESETS[preset].task : (given.find((one) => one.task)?.task ?? "chat");
  if (flags.group !== undefined && task !== "classify") given.unshift({ keepTogether: "group" });
  return { preset: preset ?? USUAL_PRESET[task], named: preset !== undefined, given };
}

/** Flags that choose columns. */
export const COLUMNS = ["source", "target", "group", "text", "label"] as const;
const OF_TEXTS: readonly string[] = ["text", "label"];

/**
 * The columns that flags choose.
 *
 * @throws {UsageError} when a column is chosen that the task does not read
 */
export function columnsIn(flags: RunFlags, task: TaskName): NonNullable<TrainingRun["columns"]> {
  const given = COLUMNS.filter((key) => flags[key] !== undefined);
  const strange = given.find((key) => OF_TEXTS.includes(key) !== (task === "classify"));
  if (strange !== undefined) {
    const [what, reads] = OF_TEXTS.includes(strange)
      ? ["labelled texts (--task classify)", "pairs are read from --source and --target"]
      : ["pairs", "labelled texts are read from --text and --label"];
    throw new UsageError(`--${strange} is for ${what}; ${reads}`);
  }
  return {
    ...Object.fromEntries(given.map((key) => [key, flags[key]])),
    ...(flags.strict && { strict: true }),
  };
}
