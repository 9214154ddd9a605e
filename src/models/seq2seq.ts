import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Module } from "../nn/module.ts";

/** A batch of source sentences in the graph. */
export interface SourceTensors {
  /** int32 `[batch, source]`, padded at the end */
  readonly ids: Tensor;
  /** int32 `[batch]` */
  readonly lengths: Tensor;
}

/** A batch of source sentences as the inputs `sourceIds` and `sourceLengths`. */
export function sourceInputs(): SourceTensors {
  return {
    ids: input("sourceIds", "int32", ["batch", "source"]),
    lengths: input("sourceLengths", "int32", ["batch"]),
  };
}

/** Named tensors that a decoder keeps. */
export type State = Readonly<Record<string, Tensor>>;

/** What the decoder starts from. */
export interface Begun {
  /** What was read from the source: the same at every step, batch first. */
  readonly memory: State;
  /** What is carried from step to step, batch first. */
  readonly carried: State;
  /** Attention inside the encoder by name, `[batch, heads, source, source]`. */
  readonly attention: State;
  /** What it is computed from, see {@link Stepped.parts}. */
  readonly parts: State;
}

/** What a step of the decoder gives. */
export interface Stepped {
  /** `[batch, time, vocabulary]` */
  readonly logits: Tensor;
  readonly carried: State;
  /** Attention weights by name, such as `cross.0`, `[batch, heads, time, key]`. */
  readonly attention: State;
  /**
   * What each attention is computed from, by name, such as `cross.0.query`. Of a Transformer: query, keys and values,
   * `[batch, heads, time, depth]`. Of a recurrent model, `[batch, time, width]`: `state`, the one that asks, and values;
   * query and keys too where they differ from these. Attention computes all of it anyway.
   */
  readonly parts: State;
}

/** What every sequence-to-sequence model answers; training, decoding and explanation need no more. */
export interface Seq2SeqModel extends Module {
  readonly vocabularySize: number;
  /** The longest source or target that the model takes, in tokens with `<start>` and `<end>`. */
  readonly maxLength: number;

  /**
   * Training: the logits of chosen target positions, all in one pass (teacher forcing).
   *
   * @param target int32 `[batch, target]`, the decoder's input
   * @param positions int32 `[tokens]`, positions in the flattened `[batch · target]` whose logits are wanted
   * @returns `[tokens, vocabulary]`
   */
  teach(source: SourceTensors, target: Tensor, positions: Tensor): Tensor;

  /** Inference: reads the source. */
  begin(source: SourceTensors): Begun;

  /**
   * Inference: reads the next target tokens.
   *
   * @param tokens int32 `[batch, time]`
   * @param memory and carried as {@link begin} or the step before gave them
   * @param absent int32 `[batch]`, for a single token a row: number of leading positions in `carried` that are padding for
   *   this row, because its sentence joined later. Default: 0 of each
   */
  step(tokens: Tensor, memory: State, carried: State, absent?: Tensor): Stepped;
}
