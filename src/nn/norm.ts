import { layerNorm } from "../graph/normalize.ts";
import type { Tensor } from "../graph/tensor.ts";
import { constantly } from "./initializers.ts";
import { Module, Parameter } from "./module.ts";

/** Layer normalisation over the last axis (Ba, Kiros and Hinton 2016), with learned γ, 1 at first, and β, 0 at first. */
export class LayerNorm extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly #epsilon: number;

  /**
   * @param features length of the last axis
   * @param epsilon added to the variance. Default: 1e-6
   */
  constructor(features: number, epsilon = 1e-6) {
    super();
    this.#epsilon = epsilon;
    this.weight = new Parameter([features], constantly(1));
    this.bias = new Parameter([features], constantly(0));
  }

  /** `x [...rows, features]` → the same shape. */
  apply(x: Tensor): Tensor {
    return layerNorm(x, this.weight.tensor, this.bias.tensor, this.#epsilon);
  }
}
