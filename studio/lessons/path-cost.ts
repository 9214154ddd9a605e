/** What a recurrent layer and self-attention do with a sentence of this length (Vaswani et al. 2017, table 1). */
export function pathAndPairs(length: number) {
  return { recurrentHops: length - 1, attentionHops: 1, pairs: length ** 2 };
}
