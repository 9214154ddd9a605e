import { z } from "zod";
import { CLASSIFY_PRESETS, ClassifyOptions } from "./classify-options.ts";
import { SEQ2SEQ_PRESETS, Seq2SeqOptions } from "./seq2seq-options.ts";

/** Everything that makes a training run, but the data and the place. */
export const RunOptions = z.discriminatedUnion("task", [Seq2SeqOptions, ClassifyOptions]);
export type RunOptions = z.infer<typeof RunOptions>;

/** The options of each task. */
export const OPTIONS_OF = { chat: Seq2SeqOptions, translate: Seq2SeqOptions, classify: ClassifyOptions };
export type TaskName = keyof typeof OPTIONS_OF;
type OptionsOf = { chat: Seq2SeqOptions; translate: Seq2SeqOptions; classify: ClassifyOptions };

/** Options that go well together. */
export const PRESETS = { ...SEQ2SEQ_PRESETS, ...CLASSIFY_PRESETS };
export type PresetName = keyof typeof PRESETS;
type PresetTask<Name extends PresetName> = (typeof PRESETS)[Name]["task"];

/** The preset of a task where none is named. */
export const USUAL_PRESET = {
  chat: "small",
  translate: "translation",
  classify: "short-texts",
} as const satisfies Record<TaskName, PresetName>;

/** Options that do not fit; the message names the key. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
  /** The options that it is about. */
  readonly keys: readonly string[];

  constructor(message: string, keys: readonly string[] = []) {
    super(message);
    this.keys = keys;
  }
}

/**
 * The options of a preset, with some of them replaced. A later change wins over an earlier one, and of `batchSize` and
 * `batchTokens` the one that was given last.
 *
 * @throws {OptionsError} when an option is not known or a value is none it may have
 */
export function runOptions<Name extends PresetName>(
  preset: Name,
  ...changes: readonly Partial<OptionsOf[PresetTask<Name>]>[]
): OptionsOf[PresetTask<Name>] {
  let options: Record<string, unknown> = { ...PRESETS[preset] };
  for (const change of changes) {
    if (change.batchSize !== undefined) options = { ...options, batchTokens: undefined };
    if (change.batchTokens !== undefined) options = { ...options, batchSize: undefined };
    options = { ...options, ...change };
  }
  const { task } = PRESETS[preset];
  if ((options.task === "classify") !== (task === "classify"))
    throw new OptionsError(`task: is ${options.task}, but the preset ${preset} is for ${task}`);
  const parsed = OPTIONS_OF[task].safeParse(options);
  if (!parsed.success) throw optionsError(parsed.error.issues, options);
  return JSON.parse(JSON.stringify(parsed.data)) as OptionsOf[PresetTask<Name>];
}

function optionsError(issues: readonly z.core.$ZodIssue[], options: Readonly<Record<string, unknown>>): OptionsError {
  const keys = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0])]));
  return new OptionsError(issues.map((issue) => describeIssue(issue, options)).join("; "), keys);
}

function describeIssue(issue: z.core.$ZodIssue, options: Readonly<Record<string, unknown>>): string {
  if (issue.code === "unrecognized_keys") return `${issue.keys.join(", ")}: there is no such option`;
  const key = String(issue.path[0]);
  const came = options[key] === undefined ? "" : `, not ${JSON.stringify(options[key])}`;
  return `${key}: ${issue.message}${came}`;
}
