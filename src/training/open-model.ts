import type { DecoderOptions } from "../decoding/decoder.ts";
import { Judge, type JudgeOptions } from "../decoding/judge.ts";
import { Responder } from "../decoding/responder.ts";
import { labelsOf, truncationOf } from "../formats/classifier-config.ts";
import { type LoadedClassifier, type LoadedSeq2Seq, loadClassifier, loadSeq2Seq } from "../formats/model-folder.ts";
import type { Engine, EngineOptions } from "../runtime/engine.ts";
import { openEngine } from "../runtime/node.ts";

/** A trained model that writes, ready to answer. */
export interface OpenedModel extends LoadedSeq2Seq {
  readonly engine: Engine;
  readonly responder: Responder;
}

/**
 * Opens a model folder: loads it and compiles it for answering.
 *
 * @param options.threads Default: 1. The products of one sentence are too small to be worth sharing.
 * @throws {ModelFolderError} when the folder holds no model, a damaged one, or a classifier
 * @throws {DeviceError} when this machine does not have the device
 */
export async function openModel(
  folder: string,
  { attention, threads = 1, ...engineOptions }: EngineOptions & Pick<DecoderOptions, "attention"> = {},
): Promise<OpenedModel> {
  const loaded = await loadSeq2Seq(folder);
  const engine = await openEngine({ ...engineOptions, threads });
  return { ...loaded, engine, responder: await Responder.compile(engine, loaded, { attention }) };
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
  return { ...loaded, engine, judge: await Judge.compile(engine, judgedBy(loaded), { attention }) };
}

/** What a {@link Judge} needs of a loaded classifier. */
function judgedBy({ model, weights, tokenizer, config }: LoadedClassifier) {
  return { model, weights, tokenizer, labels: labelsOf(config), truncate: truncationOf(config) };
}
