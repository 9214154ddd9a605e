import { dropout } from "../graph/dropout.ts";
import { add } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Module } from "./module.ts";
import { LayerNorm } from "./norm.ts";

/** Where layer normalisation stands: after the sum as in the paper, or before the sublayer (Xiong et al. 2020). */
export type NormPlacement = "post" | "pre";

/** A residual connection around a sublayer, with dropout and layer normalisation (Vaswani et al. 2017, §3.1, §5.4). */
export class Residual extends Module {
  readonly norm: LayerNorm;
  readonly #rate: number;
  readonly #placement: NormPlacement;

  /**
   * @param dModel width of what goes in and comes out
   * @param options.dropout share of the sublayer's output that is dropped, from 0 to below 1
   * @param options.epsilon as for {@link LayerNorm}
   */
  constructor(dModel: number, options: { dropout: number; norm: NormPlacement; epsilon?: number }) {
    super();
    this.norm = new LayerNorm(dModel, options.epsilon);
    this.#rate = options.dropout;
    this.#placement = options.norm;
  }

  /**
   * post: `norm(x + dropout(f(x)))`; pre: `x + dropout(f(norm(x)))`.
   *
   * @param x `[..., dModel]`
   * @param sublayer f, which keeps the shape; called once
   * @returns `[..., dModel]`
   */
  around(x: Tensor, sublayer: (x: Tensor) => Tensor): Tensor {
    if (this.#placement === "post") return this.norm.apply(add(x, dropout(sublayer(x), this.#rate)));
    return add(x, dropout(sublayer(this.norm.apply(x)), this.#rate));
  }
}
