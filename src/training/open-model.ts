import type { DecoderOptions } from "../decoding/decoder.ts";
import { Judge, type JudgeOptions } from "../decoding/judge.ts";
import { Responder } from "../decoding/responder.ts";
import { judgingModelOf, type LoadedClassifier, type LoadedSeq2Seq } from "../formats/loaded-model.ts";
import { loadClassifier, loadSeq2Seq } from "../formats/model-folder.ts";
import type { Engine, EngineOptions } from "../runtime/engine.ts";
import { openEngine } from "../runtime/node.ts";

/** A trained model that writes, ready to answer. */
export interface OpenedModel extends LoadedSeq2Seq {
  readonly engine: Engine;
  readonly responder: Responder;
}

type OpenOptions = Pick<DecoderOptions, "attention" | "precision" | "rows" | "joining">;

/**
 * Opens a model folder: loads it and compiles it for answering.
 *
 * @param options.threads Default: 1. The products of one sentence are too small to be worth sharing.
 * @throws {ModelFolderError} when the folder holds no model, a damaged one, or a classifier
 * @throws {DeviceError} when this machine does not have the device
 */
export async function openModel(
  folder: string,
  { attention, precision, rows, joining, threads = 1, ...engineOptions }: EngineOptions & OpenOptions = {},
): Promise<OpenedModel> {
  const loaded = await loadSeq2Seq(folder);
  const engine = await openEngine({ ...engineOptions, threads });
  return openLoadedModel(engine, loaded, { attention, precision, rows, joining });
}

/** Compiles a model that writes for answering. */
export async function openLoadedModel(
  engine: Engine,
  loaded: LoadedSeq2Seq,
  options: OpenOptions = {},
): Promise<OpenedModel> {
  return { ...loaded, engine, responder: await Responder.compile(engine, loaded, options) };
}

/** A trained classifier, ready to judge. */
export interface OpenedClassifier extends LoadedClassifier {
  readonly engine: Engine;
  readonly judge: Judge;
}

/**
 * Opens the folder of a classifier: loads it and compiles it for judging.
 *
 * @throws {ModelFolderError} when the folder holds no classifier, or a damaged one
 * @throws {DeviceError} when this machine does not have the device
 */
export async function openClassifier(
  folder: string,
  { attention, ...engineOptions }: EngineOptions & JudgeOptions = {},
): Promise<OpenedClassifier> {
  const loaded = await loadClassifier(folder);
  const engine = await openEngine(engineOptions);
  return openLoadedClassifier(engine, loaded, { attention });
}

/** Compiles a classifier for judging. */
export async function openLoadedClassifier(
  engine: Engine,
  loaded: LoadedClassifier,
  options: JudgeOptions = {},
): Promise<OpenedClassifier> {
  return { ...loaded, engine, judge: await Judge.compile(engine, judgingModelOf(loaded), options) };
}
