import { randomMask } from "./source.ts";
import { apply, type Operation, requireType, type Tensor } from "./tensor.ts";

/**
 * Sets elements to zero with probability `rate` and scales the others by `1 / (1 − rate)` (Srivastava et al. 2014).
 *
 * Whether it acts is decided when the graph is compiled: a training program draws masks, any other passes `x` through.
 *
 * @throws for a rate outside `0 ≤ rate < 1`
 */
export function dropout(x: Tensor, rate: number): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new Error(`dropout: the rate must be in 0 ≤ rate < 1; got ${rate}`);
  return rate === 0 ? x : apply(Dropout, x, randomMask(x.shape, rate));
}

export const Dropout: Operation<[x: Tensor, mask: Tensor]> = {
  name: "Dropout",
  infer: ([x, mask]) => {
    requireType("dropout", "float32", { x, mask });
    return x;
  },
  gradient: ([, mask], dY) => [apply(Dropout, dY, mask), undefined],
  lower: (emit, inputs) => emit.node("Mul", inputs),
};
