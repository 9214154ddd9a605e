import { reshape } from "../graph/broadcast.ts";
import { productOf } from "../graph/dimension.ts";
import { add } from "../graph/elementwise.ts";
import { matmul, transpose } from "../graph/product.ts";
import type { Tensor } from "../graph/tensor.ts";
import { constantly, glorotUniform } from "./initializers.ts";
import { Module, Parameter } from "./module.ts";

/**
 * `x Wᵀ + b` over the last axis, all rows in one product.
 *
 * @param x `[...rows, in]`
 * @param weight `[out, in]`
 * @param bias `[out]`
 * @returns `[...rows, out]`
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const lead = x.shape.slice(0, -1);
  const rows = reshape(x, [productOf(lead), x.shape[x.rank - 1]]);
  const product = matmul(rows, transpose(weight));
  return reshape(bias === undefined ? product : add(product, bias), [...lead, weight.shape[0]]);
}

/** A dense layer with a bias. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(inFeatures: number, outFeatures: number) {
    super();
    this.weight = new Parameter([outFeatures, inFeatures], glorotUniform(inFeatures, outFeatures));
    this.bias = new Parameter([outFeatures], constantly(0));
  }

  /** `[...rows, in]` → `[...rows, out]` */
  apply(x: Tensor): Tensor {
    return linear(x, this.weight.tensor, this.bias.tensor);
  }
}
