import { expand } from "../graph/broadcast.ts";
import { dropout } from "../graph/dropout.ts";
import { relu } from "../graph/elementwise.ts";
import { concat } from "../graph/slice.ts";
import { scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";

/** From the vector of a text to the logits of its classes: a dense layer, rectified, dropout, and the output. */
export class ClassifierHead extends Module {
  readonly dense: Linear;
  readonly output: Linear;
  readonly #rate: number;

  /** @param width of the vector of a text */
  constructor(width: number, options: { classes: number; denseUnits: number; denseDropout: number }) {
    super();
    const { classes, denseUnits, denseDropout } = options;
    this.dense = new Linear(width, denseUnits);
    this.output = new Linear(denseUnits, classes === 2 ? 1 : classes);
    this.#rate = denseDropout;
  }

  /**
   * @param text `[batch, width]`
   * @returns logits `[batch, classes]`
   */
  apply(text: Tensor): Tensor {
    const output = this.output.apply(dropout(relu(this.dense.apply(text)), this.#rate));
    const [batch, width] = output.shape;
    // Two classes have one output z, and the logits 0 and z: their softmax is the sigmoid of z.
    return width === 1 ? concat([expand(scalar(0), [batch, 1]), output], 1) : output;
  }
}
