import type { DecoderOptions } from "../decoding/decoder.ts";
import { Responder } from "../decoding/responder.ts";
import { type LoadedModel, loadModelFolder } from "../formats/model-folder.ts";
import type { Engine, EngineOptions } from "../runtime/engine.ts";
import { openEngine } from "../runtime/node.ts";

/** A trained model, ready to answer. */
export interface OpenedModel extends LoadedModel {
  readonly engine: Engine;
  readonly responder: Responder;
}

/**
 * Opens a model folder: loads it and compiles it for answering.
 *
 * @param options.threads Default: 1. The products of one sentence are too small to be worth sharing.
 * @throws {ModelFolderError} when the folder holds no model, or a damaged one
 * @throws {DeviceError} when this machine does not have the device
 */
export async function openModel(
  folder: string,
  { attention, threads = 1, ...engineOptions }: EngineOptions & Pick<DecoderOptions, "attention"> = {},
): Promise<OpenedModel> {
  const loaded = await loadModelFolder(folder);
  const engine = await openEngine({ ...engineOptions, threads });
  return { ...loaded, engine, responder: await Responder.compile(engine, loaded, { attention }) };
}
