import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Module } from "../nn/module.ts";
import { FlatValues, Layout } from "../runtime/parameters.ts";
import { Tokenizer } from "../text/tokenizer.ts";
import { writeAtomically } from "./atomic-write.ts";
import { readLargeFile } from "./large-file-node.ts";
import { ModelConfig, modelOf } from "./model-config.ts";
import { decodeSafeTensors, encodeSafeTensors, type SafeTensors } from "./safetensors.ts";

/** A model with everything it needs to answer. */
export interface LoadedModel {
  readonly config: ModelConfig;
  readonly model: Seq2SeqModel;
  readonly weights: FlatValues;
  readonly tokenizer: Tokenizer;
}

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
 * tokenizer_config.json, generation_config.json, and training.json with what the model was made from. Each file is
 * written all or nothing, the weights last.
 */
export async function saveModelFolder(
  folder: string,
  { config, weights, tokenizer }: Omit<LoadedModel, "model">,
  training: Readonly<Record<string, unknown>>,
): Promise<void> {
  // Without weights a folder is refused, so a crash from here on leaves no mixture of two models.
  await rm(join(folder, FILES.weights), { force: true });
  const write = (name: string, value: unknown) =>
    writeAtomically(join(folder, name), `${JSON.stringify(value, undefined, 2)}\n`);
  await write(FILES.config, config);
  await write(FILES.tokenizer, tokenizer);
  await write(FILES.tokenizerConfig, tokenizer.config(config.max_position_embeddings));
  await write(FILES.generation, {
    bos_token_id: config.bos_token_id,
    eos_token_id: config.eos_token_id,
    pad_token_id: config.pad_token_id,
    decoder_start_token_id: config.decoder_start_token_id,
    max_length: config.max_position_embeddings,
    num_beams: 1,
    do_sample: false,
  });
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
  const config = parseConfig(await readJson(folder, FILES.config), join(folder, FILES.config));
  const tokenizer = await readTokenizer(folder);
  if (tokenizer.vocabularySize !== config.vocab_size) {
    throw new ModelFolderError(
      `${folder}: ${FILES.tokenizer} has ${tokenizer.vocabularySize} tokens, ${FILES.config} says ${config.vocab_size}`,
    );
  }
  const model = buildModel(config, join(folder, FILES.config));
  const file = join(folder, FILES.weights);
  const { tensors } = await readSafeTensors(file);
  return { config, model, tokenizer, weights: weightsFrom(tensors, model, file) };
}

/** The training.json of a model folder. */
export async function readTrainingNotes(folder: string): Promise<Record<string, unknown>> {
  return (await readJson(folder, FILES.training)) as Record<string, unknown>;
}

function parseConfig(value: unknown, file: string): ModelConfig {
  const parsed = ModelConfig.safeParse(value);
  if (!parsed.success) throw new ModelFolderError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function buildModel(config: ModelConfig, file: string): Seq2SeqModel {
  try {
    return modelOf(config);
  } catch (error) {
    throw new ModelFolderError(`${file}: ${messageOf(error)}`, { cause: error });
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

async function readSafeTensors(file: string): Promise<SafeTensors> {
  const bytes = await readLargeFile(file).catch((error: unknown) => {
    throw new ModelFolderError(`${file}: cannot be read (${messageOf(error)})`, { cause: error });
  });
  return decodeSafeTensors(bytes, file);
}

async function readJson(folder: string, name: string): Promise<unknown> {
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
