import * as z from "zod";
import type { BpeModel } from "./bpe-trainer.ts";
import { type LibraryTokenizer, openLibrary } from "./library.ts";
import type { Pipeline } from "./pipeline.ts";
import { endToken, padToken, specialTokens, startToken, unknownToken } from "./special-tokens.ts";
import type { WordPieceModel } from "./wordpiece-trainer.ts";

/** Pieces with their scores (Kudo 2018); the place of a piece is its id. Read from files of other tools, not trained here. */
interface UnigramModel {
  readonly type: "Unigram";
  readonly unk_id: number;
  readonly vocab: readonly (readonly [piece: string, score: number])[];
  readonly [key: string]: unknown;
}

/** The contents of a tokenizer.json. */
export interface TokenizerJson extends Pipeline {
  readonly version: string;
  readonly truncation: null;
  readonly padding: null;
  readonly model: BpeModel | WordPieceModel | UnigramModel;
}

/** The contents of a tokenizer_config.json, as transformers' `PreTrainedTokenizerFast` reads it. */
export interface TokenizerConfig {
  readonly tokenizer_class: string;
  readonly pad_token: string;
  readonly bos_token: string;
  readonly eos_token: string;
  readonly unk_token: string;
  readonly model_max_length: number;
  /** False, or loading elsewhere would take out blanks before punctuation and inside "n't". */
  readonly clean_up_tokenization_spaces: false;
}

/** The ids of the special tokens that a model needs. */
export interface SpecialIds {
  readonly pad: number;
  readonly start: number;
  readonly end: number;
  readonly unknown: number;
}

/** The config of a tokenizer trained here. */
export function tokenizerConfig(modelMaxLength: number): TokenizerConfig {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    pad_token: padToken,
    bos_token: startToken,
    eos_token: endToken,
    unk_token: unknownToken,
    model_max_length: modelMaxLength,
    clean_up_tokenization_spaces: false,
  };
}

/** The ids of the special tokens of a tokenizer trained here. */
export const ownSpecialIds: SpecialIds = {
  pad: specialTokens.indexOf(padToken),
  start: specialTokens.indexOf(startToken),
  end: specialTokens.indexOf(endToken),
  unknown: specialTokens.indexOf(unknownToken),
};

const component = z.looseObject({ type: z.string() }).nullable();
const id = z.int().nonnegative();
const vocab = z.record(z.string(), id);
const merge = z.union([z.tuple([z.string(), z.string()]), z.string()]);
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id, content: z.string(), special: z.literal(true) })),
  normalizer: component,
  pre_tokenizer: component,
  post_processor: component,
  decoder: component,
  model: z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("BPE"), vocab, merges: z.array(merge), fuse_unk: z.literal(false).optional() }),
    z.looseObject({
      type: z.literal("WordPiece"),
      vocab,
      unk_token: z.string(),
      continuing_subword_prefix: z.string(),
    }),
    z.looseObject({ type: z.literal("Unigram"), vocab: z.array(z.tuple([z.string(), z.number()])), unk_id: id }),
  ]),
});
const templateSchema = z.looseObject({
  type: z.literal("TemplateProcessing"),
  single: z.array(z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }).optional() })),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(id) })),
});
const token = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);
const configSchema = z.looseObject({ pad_token: token, bos_token: token, eos_token: token, unk_token: token });

/**
 * Checks a tokenizer.json and its tokenizer_config.json, and finds the special tokens the config names.
 *
 * Files of other tools are read too if their model is BPE, WordPiece or Unigram and all added tokens are special.
 *
 * @throws Error naming the file and the key that is missing or wrong
 */
export function readTokenizerFiles(json: unknown, config: unknown): { json: TokenizerJson; special: SpecialIds } {
  const { model, added_tokens } = check("tokenizer.json", tokenizerSchema, json);
  const ids = new Map(piecesWithIds(model as TokenizerJson["model"]));
  for (const added of added_tokens) {
    if ((ids.get(added.content) ?? added.id) !== added.id) {
      throw new Error(
        `tokenizer.json: added_tokens: ${added.content} is ${added.id}, but ${ids.get(added.content)} in model.vocab`,
      );
    }
    ids.set(added.content, added.id);
  }
  const used = new Set(ids.values());
  for (let id = 0; id < ids.size; id++) {
    if (!used.has(id)) throw new Error(`tokenizer.json: model.vocab: no piece has id ${id}, of ${ids.size} pieces`);
  }

  const names = check("tokenizer_config.json", configSchema, config);
  const idOf = (key: "pad_token" | "bos_token" | "eos_token" | "unk_token") => {
    const found = added_tokens.find((added) => added.content === names[key]);
    if (!found) throw new Error(`tokenizer_config.json: ${key} is "${names[key]}", which is not in added_tokens`);
    return found.id;
  };
  const special = {
    pad: idOf("pad_token"),
    start: idOf("bos_token"),
    end: idOf("eos_token"),
    unknown: idOf("unk_token"),
  };
  return { json: json as TokenizerJson, special };
}

/** The pieces of a vocabulary and their ids. */
export function piecesWithIds({ vocab }: TokenizerJson["model"]): [piece: string, id: number][] {
  return Array.isArray(vocab)
    ? vocab.map(([piece], id) => [piece, id])
    : Object.entries(vocab as Record<string, number>);
}

/** What a post-processor of type `TemplateProcessing` puts before and after a single text. */
export function sourceFrame(json: TokenizerJson, { start, end }: SpecialIds): { before: number[]; after: number[] } {
  const template = templateSchema.safeParse(json.post_processor);
  if (!template.success) return { before: [start], after: [end] };
  const { single, special_tokens } = template.data;
  const at = single.findIndex((part) => "Sequence" in part);
  const idsIn = (parts: typeof single) =>
    parts.flatMap((part) => special_tokens[part.SpecialToken?.id ?? ""]?.ids ?? []);
  return { before: idsIn(single.slice(0, at)), after: idsIn(single.slice(at + 1)) };
}

/**
 * Opens a checked file.
 *
 * @throws Error if the file asks for a part the library does not have
 */
export function openTokenizer(json: TokenizerJson): LibraryTokenizer {
  try {
    return openLibrary(json);
  } catch (error) {
    throw new Error(`tokenizer.json: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function check<T>(file: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw new Error(`${file}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
}
