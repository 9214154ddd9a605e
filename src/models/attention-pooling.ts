import { reshape } from "../graph/broadcast.ts";
import type { Tensor } from "../graph/tensor.ts";
import { additiveAttention } from "../nn/attention.ts";
import { glorotUniform } from "../nn/initializers.ts";
import { Linear } from "../nn/linear.ts";
import { paddingMask } from "../nn/masks.ts";
import { Module, Parameter } from "../nn/module.ts";
import type { State } from "./seq2seq.ts";
import { stateOutputs } from "./state.ts";

/** Bahdanau's attention of one query over the states of a text. */
export class AttentionPooling extends Module {
  readonly keyProjection: Linear; // W₁
  readonly queryProjection: Linear; // W₂
  readonly scoring: Parameter; // v

  constructor(width: number, units: number) {
    super();
    this.keyProjection = new Linear(width, units);
    this.queryProjection = new Linear(width, units);
    this.scoring = new Parameter([units], glorotUniform(units, 1));
  }

  /**
   * @param query `[batch, width]`
   * @param states `[batch, time, width]`
   * @param lengths int32 `[batch]`
   * @param bias `[batch, 1, time]`: what the scores get added
   * @returns context `[batch, width]`, weights `[batch, 1, 1, time]`, and what they are made from
   */
  apply(
    query: Tensor,
    states: Tensor,
    lengths: Tensor,
    bias?: Tensor,
  ): { context: Tensor; weights: Tensor; parts: State } {
    const [batch, time, width] = states.shape;
    const mask = reshape(paddingMask(lengths, time), [batch, 1, time]);
    const state = reshape(query, [batch, 1, width]);
    const projected = this.queryProjection.apply(state);
    const keys = this.keyProjection.apply(states);
    const { context, weights } = additiveAttention(projected, keys, states, this.scoring.tensor, mask, bias);
    return {
      context: reshape(context, [batch, width]),
      weights: reshape(weights, [batch, 1, 1, time]),
      parts: stateOutputs("pooling", { state, query: projected, keys, values: states, ...(bias && { bias }) }),
    };
  }
}
