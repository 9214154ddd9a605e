/** Scores as shares of 100 %, `exp(sᵢ) / Σ exp(sⱼ)`; a score of −∞ gets none. */
export function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** How widely shares are spread, in bits: 0 where one has everything. */
export function entropyBits(shares: readonly number[]): number {
  return shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0);
}

/** The sum of vectors, each by its share. */
export function mixed(vectors: readonly (readonly number[])[], shares: readonly number[]): number[] {
  return vectors[0].map((_, slot) => vectors.reduce((sum, vector, i) => sum + shares[i] * vector[slot], 0));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Where the largest value is. */
export function strongest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
