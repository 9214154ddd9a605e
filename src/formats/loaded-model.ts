import * as z from "zod";
import type { Classifier } from "../models/classifier.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Module } from "../nn/module.ts";
import { FlatValues, Layout } from "../runtime/parameters.ts";
import type { Value } from "../runtime/value.ts";
import { Tokenizer } from "../text/tokenizer.ts";
import { ClassifierConfig, classifierOf, labelsOf, truncationOf } from "./classifier-config.ts";
import { expanded } from "./compressed-weights.ts";
import { ModelConfig, modelOf } from "./model-config.ts";
import { decodeSafeTensors } from "./safetensors.ts";

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

/** Of a classifier what judging texts takes. */
export function judgingModelOf({ model, weights, tokenizer, config }: LoadedClassifier) {
  return { model, weights, tokenizer, labels: labelsOf(config), truncate: truncationOf(config) };
}

/** A folder holds no model, or a damaged one; the message names the file and what is wrong. */
export class ModelFolderError extends Error {
  override readonly name = "ModelFolderError";
}

/** What the files of a model folder are called. */
export const MODEL_FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  tokenizerConfig: "tokenizer_config.json",
} as const;

/** The files of a model folder, wherever that is. What cannot be read throws a {@link ModelFolderError}. */
export interface ModelFiles {
  /** What errors call the folder. */
  readonly folder: string;
  /** What errors call a file. */
  pathOf(name: string): string;
  json(name: string): Promise<unknown>;
  bytes(name: string): Promise<Uint8Array>;
}

/**
 * Reads a model from its files.
 *
 * @throws {ModelFolderError} when a file is missing or damaged, or names, shapes and sizes do not fit one another
 */
export async function readModel(files: ModelFiles): Promise<LoadedModel> {
  const { config, tokenizer: tokenizerFile, weights } = MODEL_FILES;
  const described = describedModel(await files.json(config), files.pathOf(config));
  const tokenizer = await readTokenizer(files);
  if (tokenizer.vocabularySize !== described.config.vocab_size) {
    throw new ModelFolderError(
      `${files.folder}: ${tokenizerFile} has ${tokenizer.vocabularySize} tokens, ${config} says ${described.config.vocab_size}`,
    );
  }
  const { tensors } = decodeSafeTensors(await files.bytes(weights), files.pathOf(weights));
  return { ...described, tokenizer, weights: weightsFrom(expanded(tensors), described.model, files.pathOf(weights)) };
}

/** What kind of model a config.json describes. */
export function kindIn(config: unknown): LoadedModel["kind"] {
  const { is_encoder_decoder: writes } = (config ?? {}) as { is_encoder_decoder?: unknown };
  return writes === false ? "classifier" : "seq2seq";
}

/** The model that a config.json describes, without its weights. */
function describedModel(value: unknown, file: string) {
  try {
    if (kindIn(value) === "classifier") {
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

async function readTokenizer(files: ModelFiles): Promise<Tokenizer> {
  const json = await files.json(MODEL_FILES.tokenizer);
  const config = await files.json(MODEL_FILES.tokenizerConfig);
  try {
    return Tokenizer.fromJSON(json, config);
  } catch (error) {
    throw new ModelFolderError(`${files.pathOf(MODEL_FILES.tokenizer)}: ${messageOf(error)}`, { cause: error });
  }
}

function weightsFrom(tensors: ReadonlyMap<string, Value>, model: Module, file: string): FlatValues {
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

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
