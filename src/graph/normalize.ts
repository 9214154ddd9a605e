import { sum, sumTo } from "./broadcast.ts";
import { add, multiply, negate, scale, subtract } from "./elementwise.ts";
import { applyAll, type MultiOperation, requireType, shapeError, type Tensor } from "./tensor.ts";

/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton 2016): `γ (x − μ) / √(σ² + ε) + β`.
 *
 * @param x `[...rows, features]`, features known
 * @param gamma `[features]`
 * @param beta `[features]`
 * @param epsilon ε, added to the variance
 * @returns `[...rows, features]`
 * @throws when a tensor is not float32, the last axis is not a number, or γ or β has another length
 */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  return applyAll(LayerNorm(epsilon), x, gamma, beta)[0];
}

/** Outputs: y, the mean μ and the inverse deviation 1/√(σ² + ε), both `[...rows, 1]`. */
const LayerNorm = (epsilon: number): MultiOperation<[x: Tensor, gamma: Tensor, beta: Tensor]> => ({
  name: "LayerNormalization",
  attributes: { axis: -1, epsilon: { float: epsilon } },
  inferAll: ([x, gamma, beta]) => {
    requireType("layerNorm", "float32", { x, gamma, beta });
    const features = x.shape[x.rank - 1];
    if (typeof features !== "number") throw shapeError("layerNorm", "the last axis must be known", { x });
    if (gamma.shape.join() !== `${features}` || beta.shape.join() !== `${features}`) {
      throw shapeError("layerNorm", "γ and β must be as long as the last axis", { x, gamma, beta });
    }
    const statistics = { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] };
    return [x, statistics, statistics];
  },
  // With x̂ = (x − μ)/σ and g = dy·γ:  dx = (g − mean(g) − x̂·mean(g·x̂)) / σ
  // and through the other outputs:    dμ/dx = 1/n,  d(1/σ)/dx = −x̂ / (n σ²)
  gradientAll: ([x, gamma, beta], [dy, dMean, dInverse], [, mean, inverse]) => {
    const share = 1 / (x.shape[x.rank - 1] as number);
    const normal = multiply(subtract(x, mean), inverse);
    const terms: Tensor[] = [];
    if (dy !== undefined) {
      const g = multiply(dy, gamma);
      const average = scale(sum(g, [-1], { keepDims: true }), share);
      const slope = scale(sum(multiply(g, normal), [-1], { keepDims: true }), share);
      terms.push(multiply(subtract(subtract(g, average), multiply(normal, slope)), inverse));
    }
    if (dInverse !== undefined) {
      const slope = scale(multiply(dInverse, multiply(inverse, inverse)), share);
      terms.push(negate(multiply(normal, slope)));
    }
    // a mean moves every feature alike: added by broadcasting
    const dx = terms.length === 0 ? multiply(normal, scale(inverse, 0)) : terms.reduce(add);
    return [
      dMean === undefined ? dx : add(dx, scale(dMean, share)),
      dy && sumTo(multiply(dy, normal), gamma.shape),
      dy && sumTo(dy, beta.shape),
    ];
  },
  lower: (emit, inputs, node) =>
    emit.node("LayerNormalization", inputs, node.operation.attributes, node.outputs.length),
});
