import type { AttentionHeader, Tok } from "../../src/studio/wire.ts";

/** Tokens of words of so many pieces. */
export function toks(...sizes: number[]): Tok[] {
  return sizes.flatMap((size, w) => Array.from({ length: size }, (_, i) => ({ t: `w${w}.${i}`, w, id: 10 * w + i })));
}

/** Weights whose rows sum to one, `[layers, heads, rows, cols]`. */
export function randomWeights({ layers, heads, rows, cols, causal }: AttentionHeader, seed = 1): Float32Array {
  const weights = new Float32Array(layers * heads * rows * cols);
  let state = seed;
  for (let row = 0; row < layers * heads * rows; row++) {
    const cells = weights.subarray(row * cols, (row + 1) * cols);
    const seen = causal ? (row % rows) + 1 : cols;
    for (let i = 0; i < seen; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      cells[i] = (0.02 + (state >>> 16) / 65536) ** 4;
    }
    const sum = cells.reduce((a, b) => a + b, 0);
    for (let i = 0; i < seen; i++) cells[i] /= sum;
  }
  return weights;
}

export function headerOf(given: Partial<AttentionHeader> & Pick<AttentionHeader, "toks">): AttentionHeader {
  const { kind = "cross", layers = 2, heads = 3 } = given;
  const rowTok = given.rowTok ?? "tgt";
  const colTok = given.colTok ?? "src";
  return {
    kind,
    layers,
    heads,
    rowTok,
    colTok,
    rows: given.toks[rowTok]?.length ?? 0,
    cols: given.toks[colTok]?.length ?? 0,
    dtype: "u8sqrt",
    causal: kind === "dec",
    words: {},
    entropy: [],
    ...given,
  };
}

/** A JMK1 file. */
export function packetFile(header: AttentionHeader, weights: Float32Array): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = 4 * Math.ceil(json.length / 4);
  const file = new Uint8Array(8 + padded + weights.length).fill(0x20, 8, 8 + padded);
  file.set(new TextEncoder().encode("JMK1"));
  new DataView(file.buffer).setUint32(4, padded, true);
  file.set(json, 8);
  weights.forEach((weight, i) => {
    file[8 + padded + i] = Math.round(255 * Math.sqrt(weight));
  });
  return file.buffer;
}
