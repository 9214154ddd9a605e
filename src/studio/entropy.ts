/** Mean over rows of `−Σ w log₂ w`, in bits. */
export function meanEntropy(weights: Float32Array, rows: number): number {
  const bits = weights.reduce((sum, weight) => (weight > 0 ? sum - weight * Math.log2(weight) : sum), 0);
  return Number((bits / rows).toFixed(4));
}
