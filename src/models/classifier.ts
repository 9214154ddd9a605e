import { reshape, sum } from "../graph/broadcast.ts";
import { divide } from "../graph/elementwise.ts";
import { cast, where } from "../graph/select.ts";
import { input, scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { paddingMask } from "../nn/masks.ts";
import type { Module } from "../nn/module.ts";
import { integers, type Value } from "../runtime/value.ts";
import type { SourceTensors, State } from "./seq2seq.ts";

/** What a classifier says of texts. */
export interface Classified {
  /** `[batch, classes]`; their softmax are the probabilities. */
  readonly logits: Tensor;
  /** Attention weights by name, such as `pooling`, `[batch, heads, query, time]`; zero or nearly so at padding. */
  readonly attention: State;
  /**
   * What each attention is computed from, such as `encoder.0.query`: of a Transformer query, keys and values, `[batch,
   * heads, time, depth]`; of a pooling also the state that asks, `[batch, time, width]` each.
   */
  readonly parts: State;
}

/** What every text classifier answers; training and explanation need no more. */
export interface Classifier extends Module {
  readonly classes: number;
  readonly vocabularySize: number;
  /** The longest text that the model takes, in tokens. */
  readonly maxLength: number;
  /** Whether attention covers what fills a text up to `maxLength`; see {@link idsToRead}. */
  readonly attendsToPadding: boolean;
  classify(source: SourceTensors): Classified;
}

/**
 * The ids of a text as a classifier reads them. For one that attends to padding a `<pad>` goes before the text, and stands
 * for all the padding that would.
 */
export function idsToRead(
  { attendsToPadding }: Pick<Classifier, "attendsToPadding">,
  ids: ArrayLike<number>,
  padId: number,
): readonly number[] {
  return attendsToPadding ? [padId, ...Array.from(ids)] : Array.from(ids);
}

/** A batch of texts as the inputs `ids` and `lengths`. */
export function textInputs(): SourceTensors {
  return { ids: input("ids", "int32", ["batch", "time"]), lengths: input("lengths", "int32", ["batch"]) };
}

/** Texts as the values of {@link textInputs}, filled up at the end. */
export function textValues(
  texts: readonly ArrayLike<number>[],
  padId: number,
): Record<"ids" | "lengths", Value<"int32">> {
  const lengths = Int32Array.from(texts, ({ length }) => length);
  const time = Math.max(...lengths);
  const ids = new Int32Array(texts.length * time).fill(padId);
  for (const [row, text] of texts.entries()) ids.set(text, row * time);
  return { ids: integers([texts.length, time], ids), lengths: integers([texts.length], lengths) };
}

/** `x [batch, time, width]` averaged over its real times, `[batch, width]`. */
export function meanOfReal(x: Tensor, lengths: Tensor): Tensor {
  const [batch, time] = x.shape;
  const real = reshape(paddingMask(lengths, time), [batch, time, 1]);
  return divide(sum(where(real, x, scalar(0)), [1]), reshape(cast(lengths, "float32"), [batch, 1]));
}
