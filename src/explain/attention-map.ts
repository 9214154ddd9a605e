import type { ModelProgramOptions } from "../runtime/program.ts";

/** Which attention: inside the encoder, inside the decoder, from the decoder to the source, or a classifier's one look. */
export type AttentionKind = "encoder" | "decoder" | "cross" | "alignment" | "pooling";

/** A token of a sentence on an axis of a map. */
export interface SentenceToken {
  /** As the tokenizer writes it, such as "▁영화" or "##볼래". */
  readonly piece: string;
  /** Without the marks of the tokenizer. */
  readonly text: string;
  /** The number of its word, from 0. */
  readonly word: number;
  /** Whether it is no text, such as `<start>`. */
  readonly special: boolean;
  /** Whether it only fills up a batch. */
  readonly padding?: boolean;
}

/** The tokens of a sentence and the words that they make up. */
export interface Sentence {
  readonly tokens: readonly SentenceToken[];
  readonly words: readonly string[];
}

/** The attention weights of one layer. */
export interface AttentionMap {
  readonly kind: AttentionKind;
  /** From 0. */
  readonly layer: number;
  readonly heads: number;
  /** The rows: the tokens that ask. */
  readonly queries: Sentence;
  /** The columns: the tokens that are looked at. */
  readonly keys: Sentence;
  /** `[heads, queries, keys]`; each row sums to one. */
  readonly weights: Float32Array;
}

/** What a model made of a text, with all its attention. */
export interface ExplainedText {
  readonly text: string;
  /** What was read, with `<start>` and `<end>` where the model reads them. */
  readonly source: Sentence;
  /** What was written: by the model, or given to it. */
  readonly target?: { readonly text: string; readonly given: boolean };
  /** The class that was told. */
  readonly label?: { readonly name: string; readonly probability: number };
  /** Tokens of the text that were not read because it is too long. */
  readonly cut: number;
  /** In the order of the model: encoder, decoder, cross. */
  readonly maps: readonly AttentionMap[];
}

/** How a model is compiled for looking at its attention. */
export type AttentionOptions = Pick<ModelProgramOptions, "liveWeights">;

/** A model has no such attention; the message says what there is, and counts layers and heads from 1. */
export class AttentionError extends Error {
  override readonly name = "AttentionError";
}

/** What hides a cell: it comes later than the word that asks, or it is no part of the text. */
export type Mask = "future" | "padding";

/** The mask over a cell: nobody looks at padding, and a token of the decoder does not see those after it. */
export function maskOf(
  { kind, keys }: Pick<AttentionMap, "kind" | "keys">,
  query: number,
  key: number,
): Mask | undefined {
  if (keys.tokens[key].padding) return "padding";
  return kind === "decoder" && key > query ? "future" : undefined;
}
