import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ReadLabelledOptions } from "../data/labelled-texts.ts";
import type { ReadPairsOptions } from "../data/pairs.ts";
import { checkWritable, writeAtomically } from "../formats/atomic-write.ts";
import { holdsModel, saveModelFolder } from "../formats/model-folder.ts";
import type { Engine } from "../runtime/engine.ts";
import { CheckpointFolder } from "./checkpoint-folder.ts";
import { readClassifyRun } from "./classify-job.ts";
import type { EndEvent } from "./events.ts";
import { HistoryFolder } from "./history-folder.ts";
import type { RunFiles } from "./job.ts";
import { scheduleOf } from "./learning-options.ts";
import { readPairRun } from "./pair-job.ts";
import { batchesSideBySide } from "./replicas.ts";
import type { RunEvent } from "./run-events.ts";
import { RunOptions } from "./run-options.ts";
import { train, trainingMemory } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";
import { VERSION } from "./version.ts";
import { watched } from "./watched.ts";

/** A run from a file of pairs, or of labelled texts, to a model folder. */
export interface TrainingRun {
  /** The file: CSV, TSV or JSONL, also gzip. */
  readonly data: string;
  /** Which columns to read, and whether a bad row is an error. */
  readonly columns?: ReadPairsOptions & ReadLabelledOptions;
  /** A second file, held out; then `validFraction` is not used. */
  readonly valid?: string;
  /** The folder that receives the model. */
  readonly out: string;
  readonly options: RunOptions;
  readonly engine: Engine;
  /** Whether to go on from the checkpoint in the folder, if there is one. */
  readonly resume?: boolean;
  /** Whether a model or checkpoints in the folder may be replaced. */
  readonly overwrite?: boolean;
  readonly checkpointSeconds?: number;
  /**
   * Whether the folder keeps a history of the run: its events, answers to a few texts as they change, and a film of
   * attention. What is trained is the same without. Default: yes.
   */
  readonly history?: boolean;
}

/** The folder already holds something that a run would replace, or the checkpoint is of another run. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/**
 * Trains from a file to a model folder, as a stream of events. Leaving the loop stops the run; its checkpoints stay in
 * `out`, and a call with `resume` goes on from there, to the same bits as a run never interrupted.
 *
 * @throws {FolderError} when `out` cannot be made or written; nothing is read or changed then
 * @throws {RunError} when `out` holds a model or a run, and neither `resume` nor `overwrite` is given; when a run to be
 *   resumed was started with another file; when `patience` or `metric` wants held-out examples and there are none
 * @throws {CheckpointError} when the checkpoint to go on from is of other options, or cannot be read
 * @throws {DataError} when a file cannot be read, or holds nothing to learn from
 * @throws {DivergedError} as {@link train}; the last checkpoint stays
 */
export async function* trainFolder(run: TrainingRun): AsyncGenerator<RunEvent, void> {
  await guard(run);
  if (run.options.task === "classify") yield* trained(run, await readClassifyRun(run, run.options));
  else yield* trained(run, await readPairRun(run, run.options));
}

async function* trained<Example>(run: TrainingRun, files: RunFiles<Example>): AsyncGenerator<RunEvent, void> {
  const { out, options, engine } = run;
  const { sha256 } = files;
  if (run.resume === true) await checkSameData(run, sha256);
  const job = files.prepare();
  const { data, config, tokenizer, task } = job;
  const wants = options.patience > 0 ? "patience" : options.metric !== "loss" ? `metric ${options.metric}` : undefined;
  if (wants !== undefined && data.valid === 0) {
    throw new RunError(
      `${wants}: wants held-out examples: a share of the file with the option validFraction, or a second file with valid`,
    );
  }
  yield data;

  const fingerprint = JSON.stringify({ options, data: sha256.data, valid: sha256.valid, columns: files.columns });
  const checkpoints = new CheckpointFolder(checkpointsOf(out), fingerprint);
  const history = new HistoryFolder(out);
  if (run.resume !== true) {
    await history.clear();
    await checkpoints.clear();
  }
  await saveRun(run, sha256, false);

  const recorded = run.history === false ? undefined : history;
  const memory = trainingMemory(task.model, options);
  const sampler = await job.sampler(engine, memory.shown, { film: recorded !== undefined });
  const settings: TrainOptions = {
    ...options,
    engine,
    stepGradients: batchesSideBySide(engine, options.accumulate),
    schedule: scheduleOf(options, options.dModel),
    weightDecay: options.optimizer === "adamw" ? options.weightDecay : 0,
    checkpoints,
    checkpointSeconds: run.checkpointSeconds,
    own: sampler.own,
  };
  let end: EndEvent | undefined;
  try {
    await recorded?.write(data);
    for await (const event of watched(train(task, job.examples, settings, memory), { sampler, history: recorded })) {
      yield event;
      if (event.type === "end") end = event;
    }
    const notes = {
      data: {
        file: run.data,
        sha256: sha256.data,
        columns: data.columns,
        rows: data.report.rows,
        kept: data.report.kept,
      },
      ...(run.valid !== undefined && { valid: { file: run.valid, sha256: sha256.valid } }),
      examples: { train: data.train, valid: data.valid },
      options,
      result: end,
      versions: { jumok: VERSION, engine: engine.description },
    };
    await saveModelFolder(out, { config, weights: memory.shown, tokenizer }, notes);
    await saveRun(run, sha256, true);
    await recorded?.write({ type: "saved", folder: out });
  } finally {
    await sampler.release();
    recorded?.close();
  }
  yield { type: "saved", folder: out };
}

/** What a run in a folder was started with, so that it can go on without being told again. */
export interface SavedRun
  extends Pick<TrainingRun, "data" | "columns" | "valid" | "options" | "checkpointSeconds" | "history"> {
  /** Of the files as they were. */
  readonly sha256: { readonly data: string; readonly valid?: string };
  /** Whether its model was written. */
  readonly finished: boolean;
}

/** The run whose checkpoints are in a folder; `undefined` where there is none. */
export async function readSavedRun(folder: string): Promise<SavedRun | undefined> {
  const file = runFile(folder);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new RunError(`${file}: cannot be read (${error.message})`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    const saved = JSON.parse(text) as SavedRun;
    return { ...saved, sha256: { ...saved.sha256 }, options: RunOptions.parse(saved.options) };
  } catch (error) {
    throw new RunError(`${file}: is damaged; start anew with the option overwrite`, { cause: error });
  }
}

/** The step at which the run of a folder was saved last; `undefined` where it was not. */
export async function savedStep(folder: string): Promise<number | undefined> {
  return (await CheckpointFolder.progress(checkpointsOf(folder)))?.step;
}

async function saveRun(run: TrainingRun, sha256: SavedRun["sha256"], finished: boolean): Promise<void> {
  const { columns, options, checkpointSeconds, history, out } = run;
  const valid = run.valid === undefined ? {} : { valid: resolve(run.valid) };
  const saved: SavedRun = {
    ...{ data: resolve(run.data), ...valid, ...(columns && { columns }) },
    ...{ options, checkpointSeconds, history, sha256, finished },
  };
  await writeAtomically(
    runFile(out),
    `${JSON.stringify(saved, undefined, 2)}
`,
  );
}

function runFile(folder: string): string {
  return join(checkpointsOf(folder), "run.json");
}

function checkpointsOf(folder: string): string {
  return join(folder, "checkpoints");
}

async function checkSameData({ out, data, valid }: TrainingRun, sha256: SavedRun["sha256"]): Promise<void> {
  const saved = await readSavedRun(out);
  if (saved === undefined) return;
  for (const [file, now, before] of [
    [data, sha256.data, saved.sha256.data],
    [valid ?? "validation file", sha256.valid, saved.sha256.valid],
  ]) {
    if (now === before) continue;
    throw new RunError(
      `${file}: is not what the run in ${out} was started with (${saved[file === data ? "data" : "valid"] ?? "none"}); ` +
        "give that file as it was, or start anew with the option overwrite",
    );
  }
}

async function guard({ out, resume, overwrite }: TrainingRun): Promise<void> {
  await checkWritable(out);
  if (overwrite === true) return;
  const saved = await readSavedRun(out);
  if (resume === true && saved !== undefined) return;
  const holds = (await holdsModel(out)) ? "a trained model" : saved ? "an unfinished run" : undefined;
  if (holds === undefined) return;
  const goOn = resume === true ? " and no checkpoint to go on from;" : "; go on with the option resume,";
  throw new RunError(`${out}: already holds ${holds}${goOn} replace it with overwrite, or give another folder`);
}
