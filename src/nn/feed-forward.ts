import { relu } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** The position-wise feed-forward network, `max(0, xW₁ + b₁)W₂ + b₂` (Vaswani et al. 2017, §3.3). */
export class FeedForward extends Module {
  readonly inner: Linear;
  readonly outer: Linear;

  constructor(dModel: number, dFeedForward: number) {
    super();
    this.inner = new Linear(dModel, dFeedForward);
    this.outer = new Linear(dFeedForward, dModel);
  }

  /** `[..., dModel]` → `[..., dModel]` */
  apply(x: Tensor): Tensor {
    return this.outer.apply(relu(this.inner.apply(x)));
  }
}
