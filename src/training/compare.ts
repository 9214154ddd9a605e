import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLabelled } from "../data/labelled-texts.ts";
import { readPairs } from "../data/pairs.ts";
import { fileSha256 } from "../data/text-file.ts";
import { writeAtomically } from "../formats/atomic-write.ts";
import { loadClassifier, loadSeq2Seq } from "../formats/model-folder.ts";
import type { BleuTokenizer } from "../metrics/bleu-tokenizers.ts";
import { Random } from "../random/random.ts";
import { optionsOfModel } from "./model-name.ts";
import { openLoadedClassifier, openLoadedModel } from "./open-model.ts";
import { heldOutPairs } from "./prepare.ts";
import { heldOutTexts } from "./prepare-texts.ts";
import { RunError, type TrainingRun, trainFolder } from "./run.ts";
import type { RunEvent } from "./run-events.ts";
import { PRESETS, type PresetName, type RunOptions, runOptions } from "./run-options.ts";
import { type ScoresByLength, scorePairs, scoreTexts } from "./scores.ts";

/** Several models to be trained on one file with one budget, and measured on the same held-out examples. */
export interface Comparison extends Pick<TrainingRun, "data" | "columns" | "valid" | "engine" | "overwrite"> {
  /** By their short names, see {@link optionsOfModel}. */
  readonly models: readonly string[];
  readonly preset: PresetName;
  /** What all models have in common, beside the preset. */
  readonly changes: readonly Partial<RunOptions>[];
  /** What single models have instead, by their names. */
  readonly own?: Readonly<Record<string, Partial<RunOptions>>>;
  /** Each model is trained for so many epochs as fit into this time; without it for `epochs`. */
  readonly minutes?: number;
  /** The file that the scores are of; without it the validation file, or the examples held out. */
  readonly test?: string;
  /** The most examples that scores are taken of, drawn at random. */
  readonly sample?: number;
  /** How BLEU cuts words. Default: `13a`. */
  readonly bleuTokenizer?: BleuTokenizer;
  /** A folder; each model has a folder inside. */
  readonly out: string;
}

/** How good a model was at a time of its training. */
export interface CurvePoint {
  /** Of training, without the time that measuring took. */
  readonly seconds: number;
  readonly epoch: number;
  /** On the held-out examples. */
  readonly loss: number;
  readonly perplexity: number;
  readonly accuracy: number;
}

/** A model that was trained and measured. */
export interface ComparedModel {
  readonly name: string;
  readonly folder: string;
  /** Options that it does not share with the others. */
  readonly own: Partial<RunOptions>;
  readonly parameters: number;
  readonly epochs: number;
  /** Of training. */
  readonly seconds: number;
  readonly curve: readonly CurvePoint[];
  readonly scores: ScoresByLength;
}

/** What happens while models are compared. */
export type CompareEvent =
  | { readonly type: "model"; readonly name: string; readonly place: number; readonly of: number }
  /** So many epochs fit into the time. */
  | { readonly type: "budget"; readonly name: string; readonly epochs: number; readonly secondsPerEpoch: number }
  | { readonly type: "run"; readonly name: string; readonly event: RunEvent }
  /** Measured, now or in an earlier comparison with the same options and data. */
  | { readonly type: "compared"; readonly model: ComparedModel; readonly earlier: boolean };

/**
 * Trains each model and measures it. A model that was finished before, with the same options and data, is not trained
 * again; leaving the loop keeps those that are finished.
 *
 * @throws {OptionsError} when a model or an option is not known
 * @throws as {@link trainFolder}
 */
export async function* compareModels(comparison: Comparison): AsyncGenerator<CompareEvent, void> {
  const { models, preset, changes, own = {}, minutes } = comparison;
  const { task } = PRESETS[preset];
  const planned = models.map((name) => ({
    name,
    options: runOptions(preset, ...changes, own[name] ?? {}, optionsOfModel(name, task)) as RunOptions,
  }));
  if (comparison.valid === undefined && planned.some(({ options }) => options.validFraction === 0)) {
    throw new RunError(
      "compare: wants held-out examples for the curves: a share of the file (validFraction), or a second file (valid)",
    );
  }
  const { test, sample, valid, bleuTokenizer, columns } = comparison;
  const files = [comparison.data, valid, test].filter((file) => file !== undefined);
  const sha256 = await Promise.all(files.map(fileSha256));
  for (const [i, { name, options }] of planned.entries()) {
    yield { type: "model", name, place: i + 1, of: models.length };
    const fingerprint = JSON.stringify({ options, minutes, sha256, test, sample, valid, bleuTokenizer, columns });
    const folder = join(comparison.out, name);
    const earlier = comparison.overwrite === true ? undefined : await readResult(folder, fingerprint);
    if (earlier !== undefined) {
      yield { type: "compared", model: { ...earlier, folder }, earlier: true };
      continue;
    }
    const run = { ...comparison, options, out: folder, overwrite: true, resume: false, history: false };
    if (minutes !== undefined) {
      const secondsPerEpoch = await measuredEpoch(run);
      options.epochs = Math.max(1, Math.floor((60 * minutes) / secondsPerEpoch));
      yield { type: "budget", name, epochs: options.epochs, secondsPerEpoch };
    }
    const curve: CurvePoint[] = [];
    let parameters = 0;
    let seconds = 0;
    for await (const event of trainFolder(run)) {
      yield { type: "run", name, event };
      if (event.type === "start") parameters = event.parameters;
      if (event.type === "epoch") seconds += event.seconds;
      if (event.type === "validation" && event.measured) {
        const { loss, perplexity, accuracy } = event.measured;
        curve.push({ seconds, epoch: event.epoch, loss, perplexity, accuracy });
      }
    }
    const scores = await score(comparison, options, folder);
    const model: ComparedModel = {
      ...{ name, folder, own: own[name] ?? {}, parameters, epochs: curve.length, seconds },
      ...{ curve, scores },
    };
    await writeAtomically(resultFile(folder), `${JSON.stringify({ fingerprint, model }, undefined, 2)}\n`);
    yield { type: "compared", model, earlier: false };
  }
}

/** So long, and so many steps, a model is tried for its speed; the first steps, which make room, do not count. */
const TRIAL = { seconds: 15, steps: 10, first: 3 };

/** Seconds that an epoch of a run takes, without the time that measuring and saving take. */
async function measuredEpoch(run: TrainingRun): Promise<number> {
  let stepsPerEpoch = 0;
  const seconds: number[] = [];
  let before = 0;
  const total = (steps: readonly number[]) => steps.reduce((sum, one) => sum + one, 0);
  for await (const event of trainFolder(run)) {
    const now = performance.now() / 1000;
    if (event.type === "start") stepsPerEpoch = event.stepsPerEpoch;
    if (event.type === "step") {
      seconds.push(now - before);
      if (seconds.length >= TRIAL.steps && total(seconds.slice(TRIAL.first)) > TRIAL.seconds) break;
    }
    before = now;
  }
  const timed = seconds.length > TRIAL.first ? seconds.slice(TRIAL.first) : seconds;
  return (total(timed) / timed.length) * stepsPerEpoch;
}

/** Scores of the model in a folder on the test file, the validation file, or what its run held out. */
async function score(comparison: Comparison, options: RunOptions, folder: string): Promise<ScoresByLength> {
  const { engine, data, valid, test, columns, sample, bleuTokenizer = "13a" } = comparison;
  const file = test ?? valid;
  const drawn = <Row>(rows: readonly Row[]) =>
    sample === undefined
      ? rows
      : Random.of(options.seed, "sample")
          .shuffle([...rows])
          .slice(0, sample);
  if (options.task === "classify") {
    const read = await readLabelled(file ?? data, columns);
    const texts = file === undefined ? heldOutTexts(read.texts, options).valid : read.texts;
    const opened = await openLoadedClassifier(engine, await loadClassifier(folder));
    const scores = await scoreTexts(opened, { file: read.file, texts: [...drawn(texts)] });
    await opened.judge.release();
    return scores;
  }
  const read = await readPairs(file ?? data, columns);
  const pairs = file === undefined ? heldOutPairs(read.pairs, options).valid : read.pairs;
  const opened = await openLoadedModel(engine, await loadSeq2Seq(folder));
  const scores = await scorePairs(opened, drawn(pairs), bleuTokenizer);
  await opened.responder.release();
  return scores;
}

/** The result of an earlier comparison with the same options and data. */
async function readResult(folder: string, fingerprint: string): Promise<ComparedModel | undefined> {
  const text = await readFile(resultFile(folder), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const result = JSON.parse(text) as { fingerprint: string; model: ComparedModel };
    return result.fingerprint === fingerprint ? result.model : undefined;
  } catch {
    return undefined;
  }
}

function resultFile(folder: string): string {
  return join(folder, "comparison.json");
}
