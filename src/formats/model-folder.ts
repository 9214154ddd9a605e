import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Classifier } from "../models/classifier.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Module } from "../nn/module.ts";
import { FlatValues, Layout } from "../runtime/parameters.ts";
import { Tokenizer } from "../text/tokenizer.ts";
import { writeAtomically } from "./atomic-write.ts";
import { ClassifierConfig, classifierOf } from "./classifier-config.ts";
import { readLargeFile } from "./large-file-node.ts";
import { ModelConfig, modelOf } from "./model-config.ts";
import { decodeSafeTensors, encodeSafeTensors, type SafeTensors } from "./safetensors.ts";

/** A model with everything it needs to answer. */
interface Stored<Kind, Config, Model> {
  readonly kind: Kind;
  readonly config: Config;
  readonly model: Model;
  readonly weights: FlatValues;
  readonly tokenizer: Tokenizer;
}

/** A model that writes an answer. */
export type LoadedSeq2Seq = Stored<"seq2seq", ModelConfig, Seq2SeqModel>;
/** A model that tells the class of a text. */
export type LoadedClassifier = Stored<"classifier", ClassifierConfig, Classifier>;
export type LoadedModel = LoadedSeq2Seq | LoadedClassifier;

/** A folder holds no model, or a damaged one; the message names the file and what is wrong. */
export class ModelFolderError extends Error {
  override readonly name = "ModelFolderError";
}

const FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  tokenizerConfig: "tokenizer_config.json",
  generation: "generation_config.json",
  training: "training.json",
} as const;

/**
 * Writes a model folder in the layout of Hugging Face: config.json, model.safetensors, tokenizer.json,
 * tokenizer_config.json, for a model that writes generation_config.json, and training.json with what the model was made
 * from. Each file is written all or nothing, the weights last.
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
  const file = join(folder, FILES.config);
  const described = describedModel(await readJson(folder, FILES.config), file);
  const tokenizer = await readTokenizer(folder);
  if (tokenizer.vocabularySize !== described.config.vocab_size) {
    throw new ModelFolderError(
      `${folder}: ${FILES.tokenizer} has ${tokenizer.vocabularySize} tokens, ${FILES.config} says ${described.config.vocab_size}`,
    );
  }
  const weightsFile = join(folder, FILES.weights);
  const { tensors } = await readSafeTensors(weightsFile);
  return { ...described, tokenizer, weights: weightsFrom(tensors, described.model, weightsFile) };
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

/** The training.json of a model folder. */
export async function readTrainingNotes(folder: string): Promise<Record<string, unknown>> {
  return (await readJson(folder, FILES.training)) as Record<string, unknown>;
}

/**
 * What kind of model a folder holds, by its config.json.
 *
 * @throws {ModelFolderError} when that is missing or damaged
 */
export async function kindOfModel(folder: string): Promise<LoadedModel["kind"]> {
  return classifies(await readJson(folder, FILES.config)) ? "classifier" : "seq2seq";
}

function classifies(config: unknown): boolean {
  return (config as { is_encoder_decoder?: unknown } | null)?.is_encoder_decoder === false;
}

/** The model that a config.json describes, without its weights. */
function describedModel(value: unknown, file: string) {
  try {
    if (classifies(value)) {
      const config = ClassifierConfig.parse(value);
      return { kind: "classifier" as const, config, model: classifierOf(config) };
    }
    const config = ModelConfig.parse(value);
    return { kind: "seq2seq" as const, config, model: modelOf(config) };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ModelFolderError(`${file}: ${reason}`, { cause: error });
  }
}

function weightsFrom(tensors: SafeTensors["tensors"], model: Module, file: string): FlatValues {
  const parameters = model.parameters();
  const weights = new FlatValues(new Layout(parameters));
  for (const name of tensors.keys()) {
    if (!parameters.has(name)) throw new ModelFolderError(`${file}: tensor ${name} is none of this model's`);
  }
  for (const [name, { shape }] of parameters) {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new ModelFolderError(`${file}: tensor ${name} is missing`);
    if (tensor.dtype !== "float32" || tensor.shape.join() !== shape.join()) {
      throw new ModelFolderError(
        `${file}: tensor ${name} is ${tensor.dtype}[${tensor.shape.join(", ")}], the model wants float32[${shape.join(", ")}]`,
      );
    }
    weights.of(name).set(tensor.data as Float32Array);
  }
  return weights;
}

async function readTokenizer(folder: string): Promise<Tokenizer> {
  const [json, config] = [await readJson(folder, FILES.tokenizer), await readJson(folder, FILES.tokenizerConfig)];
  try {
    return Tokenizer.fromJSON(json, config);
  } catch (error) {
    throw new ModelFolderError(`${join(folder, FILES.tokenizer)}: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Reads a safetensors file.
 *
 * @throws {ModelFolderError} when it cannot be read
 * @throws {SafeTensorsError} when it is damaged
 */
export async function readSafeTensors(file: string): Promise<SafeTensors> {
  const bytes = await readLargeFile(file).catch((error: unknown) => {
    throw new ModelFolderError(`${file}: cannot be read (${messageOf(error)})`, { cause: error });
  });
  return decodeSafeTensors(bytes, file);
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
