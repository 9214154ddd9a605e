import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type PairFile, type ReadPairsOptions, readPairs } from "../data/pairs.ts";
import type { DataReport } from "../data/report.ts";
import type { LeakReport } from "../data/split.ts";
import { Responder } from "../decoding/responder.ts";
import { checkWritable, writeAtomically } from "../formats/atomic-write.ts";
import { configOf, modelOf } from "../formats/model-config.ts";
import { holdsModel, saveModelFolder } from "../formats/model-folder.ts";
import { Random } from "../random/random.ts";
import type { Engine } from "../runtime/engine.ts";
import { CheckpointFolder } from "./checkpoint-folder.ts";
import type { EndEvent, TrainEvent } from "./events.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { RunOptions, scheduleOf } from "./run-options.ts";
import { train, trainingMemory } from "./train.ts";
import { VERSION } from "./version.ts";

/** A run from a file of pairs to a model folder. */
export interface TrainingRun {
  /** The file of pairs: CSV, TSV or JSONL, also gzip. */
  readonly data: string;
  /** Which columns to read, and whether a bad row is an error. */
  readonly columns?: ReadPairsOptions;
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
}

/** The data was read and split. */
export interface DataEvent {
  readonly type: "data";
  readonly file: string;
  readonly columns: PairFile["columns"];
  readonly report: DataReport;
  readonly leak?: LeakReport;
  /** Some of the rows left out, for people to look at. */
  readonly problems: PairFile["problems"];
  readonly vocabularySize: number;
  readonly train: number;
  readonly valid: number;
}

/** What the model answers to a few sources. */
export interface SamplesEvent {
  readonly type: "samples";
  readonly epoch: number;
  readonly samples: readonly { readonly source: string; readonly answer: string; readonly expected: string }[];
}

/** The model folder was written. */
export interface SavedEvent {
  readonly type: "saved";
  readonly folder: string;
}

export type RunEvent = DataEvent | TrainEvent | SamplesEvent | SavedEvent;

/** The folder already holds something that a run would replace, or the checkpoint is of another run. */
export class RunError extends Error {
  override readonly name = "RunError";
}

const SAMPLES = 3;

/**
 * Trains from a file to a model folder, as a stream of events. Leaving the loop stops the run; its checkpoints stay in
 * `out`, and a call with `resume` goes on from there, to the same bits as a run never interrupted.
 *
 * @throws {RunError} when the folder holds a model or a run, and neither `resume` nor `overwrite` is given; when a run
 *   to be resumed was started with another file
 * @throws when the folder cannot be made or written; nothing is read or changed then
 */
export async function* trainFolder(run: TrainingRun): AsyncGenerator<RunEvent, void> {
  const { out, options, engine } = run;
  await guard(run);
  const file = await readPairs(run.data, run.columns);
  const valid = run.valid === undefined ? undefined : await readPairs(run.valid, run.columns);
  const sha256 = { data: file.sha256, ...(valid && { valid: valid.sha256 }) };
  if (run.resume === true) await checkSameData(run, sha256);
  const prepared = prepare(file, options, valid?.pairs);
  const { tokenizer, data, report, leak, trainPairs, validPairs } = prepared;
  if (options.patience > 0 && validPairs.length === 0) {
    throw new RunError("patience: wants held-out pairs; give validFraction or a validation file");
  }
  const problems = [...file.problems, ...(valid?.problems ?? [])];
  yield {
    type: "data",
    file: run.data,
    columns: file.columns,
    report,
    ...(leak && { leak }),
    problems,
    vocabularySize: tokenizer.vocabularySize,
    train: trainPairs.length,
    valid: validPairs.length,
  };

  const sizes = { ...options, vocabularySize: tokenizer.vocabularySize };
  const config = configOf(sizes, tokenizer);
  const model = modelOf(config);
  const fingerprint = JSON.stringify({ options, data: file.sha256, valid: valid?.sha256, columns: file.columns });
  const checkpoints = new CheckpointFolder(join(out, "checkpoints"), fingerprint);
  if (run.resume !== true) await checkpoints.clear();
  await saveRun(run, sha256, false);

  const memory = trainingMemory(model, options);
  const responder = await Responder.compile(
    engine,
    { model, weights: memory.weights, tokenizer },
    { liveWeights: true },
  );
  const samples = chooseSamples(prepared, options.seed);
  let end: EndEvent | undefined;
  const events = train(
    model,
    data,
    {
      ...options,
      engine,
      schedule: scheduleOf(options),
      weightDecay: options.optimizer === "adamw" ? options.weightDecay : 0,
      checkpoints,
      checkpointSeconds: run.checkpointSeconds,
    },
    memory,
  );
  try {
    for await (const event of events) {
      yield event;
      if (event.type === "end") end = event;
      if (event.type === "validation") {
        const answers = await responder.answerAll(samples.map(({ source }) => source));
        const shown = answers.map(({ input, answer }, i) => ({ source: input, answer, expected: samples[i].target }));
        yield { type: "samples", epoch: event.epoch, samples: shown };
      }
    }
  } finally {
    await responder.release();
  }
  await saveModelFolder(
    out,
    { config, weights: memory.weights, tokenizer },
    {
      data: { file: run.data, sha256: file.sha256, columns: file.columns, rows: report.rows, kept: report.kept },
      ...(valid && { valid: { file: run.valid, sha256: valid.sha256 } }),
      examples: { train: trainPairs.length, valid: validPairs.length },
      options,
      result: end,
      versions: { jumok: VERSION, engine: engine.description },
    },
  );
  await saveRun(run, sha256, true);
  yield { type: "saved", folder: out };
}

/** What a run in a folder was started with, so that it can go on without being told again. */
export interface SavedRun extends Pick<TrainingRun, "data" | "columns" | "valid" | "options"> {
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
    throw new RunError(`${file}: is damaged; start anew with --overwrite`, { cause: error });
  }
}

async function saveRun(run: TrainingRun, sha256: SavedRun["sha256"], finished: boolean): Promise<void> {
  const { columns, options, out } = run;
  const valid = run.valid === undefined ? {} : { valid: resolve(run.valid) };
  const saved: SavedRun = { data: resolve(run.data), ...valid, ...(columns && { columns }), options, sha256, finished };
  await writeAtomically(
    runFile(out),
    `${JSON.stringify(saved, undefined, 2)}
`,
  );
}

function runFile(folder: string): string {
  return join(folder, "checkpoints", "run.json");
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
        "give that file as it was, or start anew with --overwrite",
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
  const goOn = resume === true ? " and no checkpoint to go on from;" : "; go on with --resume,";
  throw new RunError(`${out}: already holds ${holds}${goOn} replace it with --overwrite, or give another --out`);
}

/** A few different sources to be answered again and again: held-out ones if there are any. */
function chooseSamples({ trainPairs, validPairs }: Prepared, seed: number) {
  const pairs = validPairs.length > 0 ? validPairs : trainPairs;
  const bySource = new Map(pairs.map((pair) => [pair.source, pair]));
  return Random.of(seed, "samples")
    .shuffle([...bySource.values()])
    .slice(0, SAMPLES);
}
