import { multiply, relu, sigmoid } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** What stands between the two layers: `max(0, x)`, or `x σ(x)` (Elfwing et al. 2018), also called swish. */
export type Activation = "relu" | "silu";

/** The position-wise feed-forward network, `max(0, xW₁ + b₁)W₂ + b₂` (Vaswani et al. 2017, §3.3). */
export class FeedForward extends Module {
  readonly inner: Linear;
  readonly outer: Linear;
  readonly #activation: Activation;

  /** @param activation Default: `relu`, as in the paper */
  constructor(dModel: number, dFeedForward: number, activation: Activation = "relu") {
    super();
    this.#activation = activation;
    this.inner = new Linear(dModel, dFeedForward);
    this.outer = new Linear(dFeedForward, dModel);
  }

  /** `[..., dModel]` → `[..., dModel]` */
  apply(x: Tensor): Tensor {
    const inner = this.inner.apply(x);
    return this.outer.apply(this.#activation === "relu" ? relu(inner) : multiply(inner, sigmoid(inner)));
  }
}
