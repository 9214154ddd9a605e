import { z } from "zod";
import { FlatValues, Layout } from "../runtime/parameters.ts";
import { floats, type Value } from "../runtime/value.ts";
import { Tokenizer } from "../text/tokenizer.ts";
import { marianShapeOf } from "./huggingface-config.ts";
import { type LoadedSeq2Seq, ModelFolderError } from "./loaded-model.ts";
import { readMarianConfig } from "./marian-config.ts";
import { fromMarian, marianPositions } from "./marian-weights.ts";
import { modelOf } from "./model-config.ts";
import { readJson, readSafeTensors } from "./model-folder.ts";

/** How far a stored positional encoding may be from the sinusoid: half precision's rounding. */
const NEAR = 1e-3;

/** What is added to the score of a token that must not be written. */
const FORBIDDEN = -1e9;

/**
 * Reads a Marian model of Hugging Face as our Transformer: config.json, model.safetensors, tokenizer.json and
 * tokenizer_config.json, and generation_config.json if it is there. Its answers are the same; only the order of its
 * features changes.
 *
 * @throws {ModelFolderError} when a file is missing or damaged, or the model is none that our Transformer can be
 */
export async function importMarian(folder: string): Promise<LoadedSeq2Seq> {
  const described = await readJson(folder, "config.json");
  const generation = await readJson(folder, "generation_config.json").catch((error: unknown) => {
    if (isMissing(error)) return {};
    throw error;
  });
  const { config, forbidden } = checked(`${folder}/config.json`, () =>
    readMarianConfig({ ...(described as object), ...onlyForbidden(generation) }),
  );
  const file = `${folder}/model.safetensors`;
  const { tensors } = await readSafeTensors(file);
  checkPositions(tensors, config, file);
  const model = modelOf(config);
  const weights = new FlatValues(new Layout(model.parameters()));
  const found = fromMarian(
    floatsOnly(withTable(tensors, config.share_encoder_decoder_embeddings), file),
    marianShapeOf(config),
  );
  for (const [name, { shape, size }] of model.parameters()) {
    const { marian, value } = found.get(name)!;
    if (value === undefined) {
      if (name === "output.bias") continue; // zeros, as where a checkpoint leaves it out
      throw new ModelFolderError(`${file}: tensor ${marian} is missing`);
    }
    if (value.data.length !== size || value.shape.at(-1) !== shape.at(-1)) {
      throw new ModelFolderError(
        `${file}: tensor ${marian} is [${value.shape.join(", ")}], config.json wants [${shape.join(", ")}]`,
      );
    }
    weights.of(name).set(value.data);
  }
  const bias = weights.of("output.bias");
  for (const id of forbidden) bias[id] += FORBIDDEN;
  return { kind: "seq2seq", config, model, weights, tokenizer: await tokenizerOf(folder, config) };
}

/** Our tokenizer, which wants every special token named: what the decoder begins with is the start. */
async function tokenizerOf(folder: string, config: LoadedSeq2Seq["config"]): Promise<Tokenizer> {
  const json = await readJson(folder, "tokenizer.json").catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    const file = `${folder}/tokenizer.json`;
    throw new ModelFolderError(
      `${file}: is not there; where a model has source.spm instead, take the tokenizer.json of its ONNX conversion`,
      { cause: error },
    );
  });
  const named = (await readJson(folder, "tokenizer_config.json")) as Record<string, unknown>;
  return checked(`${folder}/tokenizer.json`, () => {
    const added = AddedTokens.parse(json).added_tokens;
    const contentOf = (id: number) => added.find((token) => token.id === id)?.content;
    const tokenizer = Tokenizer.fromJSON(
      { ...(json as object), added_tokens: added },
      {
        ...named,
        pad_token: contentOf(config.pad_token_id) ?? named.pad_token,
        eos_token: contentOf(config.eos_token_id) ?? named.eos_token,
        bos_token: contentOf(config.decoder_start_token_id) ?? named.bos_token,
      },
    );
    if (tokenizer.vocabularySize !== config.vocab_size) {
      throw new Error(`has ${tokenizer.vocabularySize} tokens, config.json says ${config.vocab_size}`);
    }
    return tokenizer;
  });
}

const AddedTokens = z.looseObject({ added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })) });

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}

function onlyForbidden(generation: unknown): object {
  const { bad_words_ids } = generation as { bad_words_ids?: unknown };
  return bad_words_ids == null ? {} : { bad_words_ids };
}

/** Our positions are computed; a checkpoint that learnt others is another model. */
function checkPositions(
  tensors: ReadonlyMap<string, Value>,
  { d_model, max_position_embeddings: length }: LoadedSeq2Seq["config"],
  file: string,
): void {
  const expected = marianPositions(length, d_model).data;
  for (const side of ["encoder", "decoder"]) {
    const name = `model.${side}.embed_positions.weight`;
    const stored = tensors.get(name);
    if (stored === undefined) continue;
    const data = stored.data as Float32Array;
    if (data.length !== expected.length || expected.some((value, i) => !(Math.abs(value - data[i]) < NEAR))) {
      throw new ModelFolderError(
        `${file}: tensor ${name} is no table of sines and cosines; learned positions are not supported`,
      );
    }
  }
}

/** The tensors, the shared table under its own name wherever a checkpoint keeps it. */
function withTable(tensors: ReadonlyMap<string, Value>, shared: boolean): ReadonlyMap<string, Value> {
  const shareds = [
    "model.shared.weight",
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
    "lm_head.weight",
  ];
  const table = shareds.map((name) => tensors.get(name)).find((tensor) => tensor !== undefined);
  return shared && table !== undefined ? new Map([...tensors, ["model.shared.weight", table]]) : tensors;
}

function floatsOnly(tensors: ReadonlyMap<string, Value>, file: string): Map<string, Value<"float32">> {
  return new Map(
    [...tensors].map(([name, { dtype, shape, data }]) => {
      if (dtype !== "float32") throw new ModelFolderError(`${file}: tensor ${name} is ${dtype}; float32 is wanted`);
      return [name, floats(shape, data as Float32Array)];
    }),
  );
}

function checked<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    throw new ModelFolderError(`${file}: ${reason}`, { cause: error });
  }
}
