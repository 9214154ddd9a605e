import { AttentionError, type AttentionMap } from "./attention-map.ts";

/**
 * Attention rollout (Abnar and Zuidema 2020, §3): how much of each input token is in each token after some layers, if
 * a layer mixes half of what its heads look at with half of what passes by them, R = Π ½(Ā + I), Ā the mean over heads.
 *
 * Of encoder and decoder it is that product up to the layer, each over its own tokens. Of cross-attention it is the mean
 * over heads of that layer times the rollout of the whole encoder, C̄ R: where in the source text the decoder looks,
 * instead of at which of the encoder's outputs; what the decoder's own attention mixes is left out. Rows sum to one.
 *
 * @param maps all maps of one text
 * @returns `[queries, keys]`
 * @throws {AttentionError} of a kind that has no layers to roll out
 */
export function rollout(maps: readonly AttentionMap[], { kind, layer }: Pick<AttentionMap, "kind" | "layer">) {
  if (kind === "alignment" || kind === "pooling") {
    throw new AttentionError(`rollout follows attention through layers of self-attention; ${kind} is a single look`);
  }
  const layers = maps
    .filter((map) => map.kind === (kind === "cross" ? "encoder" : kind))
    .filter((map) => kind === "cross" || map.layer <= layer)
    .sort((a, b) => a.layer - b.layer);
  const size = layers[0].keys.tokens.length;
  let mixed = identity(size);
  for (const map of layers) {
    const mean = meanWeights(map);
    const half = mean.map((weight, i) => 0.5 * weight + (i % (size + 1) === 0 ? 0.5 : 0));
    mixed = product(normalised(half, size), mixed, size);
  }
  if (kind === "cross") {
    const map = maps.find((map) => map.kind === kind && map.layer === layer)!;
    mixed = product(meanWeights(map), mixed, size);
  }
  return Float32Array.from(mixed);
}

/** The mean over heads, `[queries, keys]`. */
export function meanWeights({ heads, weights }: AttentionMap): Float64Array {
  const cells = weights.length / heads;
  const mean = new Float64Array(cells);
  for (let i = 0; i < weights.length; i++) mean[i % cells] += weights[i] / heads;
  return mean;
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

/** Each row divided by its sum. */
function normalised(matrix: Float64Array, size: number): Float64Array {
  for (let row = 0; row < matrix.length; row += size) {
    const cells = matrix.subarray(row, row + size);
    const sum = cells.reduce((a, b) => a + b, 0);
    for (let i = 0; i < size; i++) cells[i] /= sum;
  }
  return matrix;
}

/** `a [rows, size]` times `b [size, size]`. */
function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(a.length);
  for (let row = 0; row < a.length; row += size) {
    for (let inner = 0; inner < size; inner++) {
      const weight = a[row + inner];
      for (let column = 0; column < size; column++) result[row + column] += weight * b[inner * size + column];
    }
  }
  return result;
}
