import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "./atomic-write.ts";
import { readLargeFile } from "./large-file-node.ts";
import {
  kindIn,
  type LoadedClassifier,
  type LoadedModel,
  type LoadedSeq2Seq,
  MODEL_FILES,
  ModelFolderError,
  messageOf,
  readModel,
} from "./loaded-model.ts";
import { decodeSafeTensors, encodeSafeTensors, type SafeTensors } from "./safetensors.ts";

const FILES = { ...MODEL_FILES, generation: "generation_config.json", training: "training.json" } as const;

/**
 * Writes a model folder in the layout of Hugging Face: config.json, model.safetensors, tokenizer.json,
 * tokenizer_config.json, for a model that writes generation_config.json, and training.json with what the model was made
 * from. Each file is written all or nothing, the weights last.
 *
 * @throws as {@link writeAtomically}; the folder may then be without weights, and is refused when it is read
 */
export async function saveModelFolder(
  folder: string,
  { config, weights, tokenizer }: Pick<LoadedModel, "config" | "weights" | "tokenizer">,
  training: Readonly<Record<string, unknown>>,
): Promise<void> {
  // Without weights a folder is refused, so a crash from here on leaves no mixture of two models.
  await rm(join(folder, FILES.weights), { force: true });
  const write = (name: string, value: unknown) =>
    writeAtomically(join(folder, name), `${JSON.stringify(value, undefined, 2)}\n`);
  await write(FILES.config, config);
  await write(FILES.tokenizer, tokenizer);
  await write(FILES.tokenizerConfig, tokenizer.config(config.max_position_embeddings));
  if (config.is_encoder_decoder) {
    await write(FILES.generation, {
      bos_token_id: config.bos_token_id,
      eos_token_id: config.eos_token_id,
      pad_token_id: config.pad_token_id,
      decoder_start_token_id: config.decoder_start_token_id,
      max_length: config.max_position_embeddings,
      num_beams: 1,
      do_sample: false,
    });
  } else await rm(join(folder, FILES.generation), { force: true });
  await write(FILES.training, training);
  await writeAtomically(join(folder, FILES.weights), encodeSafeTensors(weights.views, { format: "pt" }));
}

/** Whether a folder holds the weights of a model. */
export async function holdsModel(folder: string): Promise<boolean> {
  return stat(join(folder, FILES.weights)).then(
    () => true,
    () => false,
  );
}

/**
 * Reads a model folder.
 *
 * @throws {ModelFolderError} when a file is missing or damaged, or names, shapes and sizes do not fit one another
 */
export async function loadModelFolder(folder: string): Promise<LoadedModel> {
  return readModel({
    folder,
    pathOf: (name) => join(folder, name),
    json: (name) => readJson(folder, name),
    bytes: (name) => readBytes(join(folder, name)),
  });
}

/**
 * Reads the folder of a model that writes answers.
 *
 * @throws {ModelFolderError} as {@link loadModelFolder}, and when the model is a classifier
 */
export async function loadSeq2Seq(folder: string): Promise<LoadedSeq2Seq> {
  const loaded = await loadModelFolder(folder);
  if (loaded.kind === "seq2seq") return loaded;
  throw new ModelFolderError(`${folder}: holds a classifier, which writes no answers; use it with jumok classify`);
}

/**
 * Reads the folder of a classifier.
 *
 * @throws {ModelFolderError} as {@link loadModelFolder}, and when the model is none
 */
export async function loadClassifier(folder: string): Promise<LoadedClassifier> {
  const loaded = await loadModelFolder(folder);
  if (loaded.kind === "classifier") return loaded;
  throw new ModelFolderError(`${folder}: holds a model that writes answers, no classifier; talk to it with jumok chat`);
}

/**
 * The training.json of a model folder.
 *
 * @throws {ModelFolderError} when it is missing or no JSON
 */
export async function readTrainingNotes(folder: string): Promise<Record<string, unknown>> {
  return (await readJson(folder, FILES.training)) as Record<string, unknown>;
}

/**
 * What kind of model a folder holds, by its config.json.
 *
 * @throws {ModelFolderError} when that is missing or damaged
 */
export async function kindOfModel(folder: string): Promise<LoadedModel["kind"]> {
  return kindIn(await readJson(folder, FILES.config));
}

/**
 * Reads a safetensors file.
 *
 * @throws {ModelFolderError} when it cannot be read
 * @throws {SafeTensorsError} when it is damaged
 */
export async function readSafeTensors(file: string): Promise<SafeTensors> {
  return decodeSafeTensors(await readBytes(file), file);
}

async function readBytes(file: string): Promise<Uint8Array> {
  return readLargeFile(file).catch((error: unknown) => {
    throw new ModelFolderError(`${file}: cannot be read (${messageOf(error)})`, { cause: error });
  });
}

/**
 * Reads a JSON file of a folder.
 *
 * @throws {ModelFolderError} when it is missing or no JSON
 */
export async function readJson(folder: string, name: string): Promise<unknown> {
  const file = join(folder, name);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === "ENOENT" || error.code === "ENOTDIR"
        ? "is not there; is this the folder of a trained model?"
        : `cannot be read (${error.message})`;
    throw new ModelFolderError(`${file}: ${reason}`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelFolderError(`${file}: is not JSON (${messageOf(error)})`, { cause: error });
  }
}
