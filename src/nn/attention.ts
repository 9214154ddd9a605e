import { reshape } from "../graph/broadcast.ts";
import { add, scale, tanh } from "../graph/elementwise.ts";
import { matmul, transpose } from "../graph/product.ts";
import { where } from "../graph/select.ts";
import { softmax } from "../graph/softmax.ts";
import { scalar } from "../graph/source.ts";
import { shapeError, type Tensor } from "../graph/tensor.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** What an attention gives: the weighted values, and the weights, whose rows sum to one. */
export interface Attended {
  readonly context: Tensor;
  readonly weights: Tensor;
}

/** Keys and values of all heads, `[batch, heads, key, depth]` each. */
export interface KeysAndValues {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** What the heads give, with the queries, keys and values of each, `[batch, heads, time, depth]`. */
export interface HeadsAttended extends Attended {
  readonly parts: KeysAndValues & { readonly query: Tensor };
}

/** What a forbidden score gets added: large enough that its weight is exactly 0, small enough to stay finite. */
export const FORBIDDEN = -1e9;

/**
 * Scaled dot-product attention, `softmax(QKᵀ / √d) V` (Vaswani et al. 2017, §3.2.1).
 *
 * @param query  `[...batch, query, depth]`
 * @param keys   `[...batch, key, depth]`
 * @param values `[...batch, key, value]`
 * @param mask   broadcastable to `[...batch, query, key]`; true where attention is allowed. Each query needs one
 *   allowed key; a query without any attends to all alike.
 * @returns context `[...batch, query, value]`, weights `[...batch, query, key]`
 */
export function dotProductAttention(query: Tensor, keys: Tensor, values: Tensor, mask?: Tensor): Attended {
  const depth = query.shape[query.rank - 1];
  if (typeof depth !== "number") throw shapeError("dotProductAttention", "the depth must be known", { query });
  return attend(scale(matmul(query, transpose(keys)), 1 / Math.sqrt(depth)), values, mask);
}

/**
 * Luong's attention, `softmax(s h) V`: the score is the plain product of state and key (Luong et al. 2015, §3.1,
 * "dot"). For their "general" score `sᵀ W h`, give `W`.
 *
 * @param query `[...batch, query, query depth]`
 * @param keys `[...batch, key, key depth]`; without `weight` both depths are one
 * @param values, mask as for {@link dotProductAttention}
 * @param weight W, `[query depth, key depth]`
 * @returns context `[...batch, query, value]`, weights `[...batch, query, key]`
 */
export function luongAttention(query: Tensor, keys: Tensor, values: Tensor, mask?: Tensor, weight?: Tensor): Attended {
  const turned = weight === undefined ? query : matmul(query, weight);
  return attend(matmul(turned, transpose(keys)), values, mask);
}

/**
 * Bahdanau's attention, `softmax(vᵀ tanh(W₁h + W₂s)) V` (Bahdanau et al. 2015, §A.1.2); query and keys are projected
 * already, since keys stay the same for many queries.
 *
 * @param query W₂s, `[...batch, query, units]`
 * @param keys W₁h, `[...batch, key, units]`
 * @param values `[...batch, key, value]`
 * @param scoring v, `[units]`
 * @param mask as for {@link dotProductAttention}
 * @param bias what scores get added, broadcastable to `[...batch, query, key]`
 * @returns context `[...batch, query, value]`, weights `[...batch, query, key]`
 */
export function additiveAttention(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  scoring: Tensor,
  mask?: Tensor,
  bias?: Tensor,
): Attended {
  const [queries, units] = query.shape.slice(-2);
  const [times] = keys.shape.slice(-2);
  const batch = query.shape.slice(0, -2);
  const pairs = add(reshape(keys, [...batch, 1, times, units]), reshape(query, [...batch, queries, 1, units]));
  const scores = reshape(matmul(tanh(pairs), reshape(scoring, [units, 1])), [...batch, queries, times]);
  return attend(bias === undefined ? scores : add(scores, bias), values, mask);
}

/** Values weighted by the softmax of scores `[...batch, query, key]` where attention is allowed. */
function attend(scores: Tensor, values: Tensor, mask: Tensor | undefined): Attended {
  const allowed = mask === undefined ? scores : add(scores, where(mask, scalar(0), scalar(FORBIDDEN)));
  const weights = softmax(allowed);
  return { context: matmul(weights, values), weights };
}

/** Multi-head attention (Vaswani et al. 2017, §3.2.2). */
export class MultiHeadAttention extends Module {
  readonly query: Linear; // W_Q
  readonly key: Linear; // W_K
  readonly value: Linear; // W_V
  readonly output: Linear; // W_O
  readonly #numHeads: number;

  /** @throws when the heads do not divide dModel */
  constructor(dModel: number, numHeads: number) {
    super();
    if (dModel % numHeads !== 0) {
      throw new Error(`attention: numHeads must divide dModel; got ${numHeads} heads for dModel ${dModel}`);
    }
    this.query = new Linear(dModel, dModel);
    this.key = new Linear(dModel, dModel);
    this.value = new Linear(dModel, dModel);
    this.output = new Linear(dModel, dModel);
    this.#numHeads = numHeads;
  }

  /** Keys and values of `[batch, key, dModel]`, to be attended to any number of times. */
  keysAndValues(memory: Tensor): KeysAndValues {
    return { keys: this.#split(this.key.apply(memory)), values: this.#split(this.value.apply(memory)) };
  }

  /**
   * @param x `[batch, query, dModel]`
   * @param mask broadcastable to `[batch, heads, query, key]`; true where attention is allowed
   * @returns context `[batch, query, dModel]`, weights `[batch, heads, query, key]`, and what they are made from
   */
  attend(x: Tensor, { keys, values }: KeysAndValues, mask?: Tensor): HeadsAttended {
    const query = this.#split(this.query.apply(x));
    const { context, weights } = dotProductAttention(query, keys, values, mask);
    const joined = reshape(transpose(context, [0, 2, 1, 3]), x.shape);
    return { context: this.output.apply(joined), weights, parts: { query, keys, values } };
  }

  /** `[batch, time, dModel]` → `[batch, heads, time, depth]` */
  #split(x: Tensor): Tensor {
    const [batch, time, dModel] = x.shape;
    const depth = (dModel as number) / this.#numHeads;
    return transpose(reshape(x, [batch, time, this.#numHeads, depth]), [0, 2, 1, 3]);
  }
}
