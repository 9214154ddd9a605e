import { bytesOf, sharesOf } from "../../src/studio/u8-sqrt.ts";

/** Attention of some heads for one sentence. */
export interface HeadWeights {
  /** For each head the shares of one row. */
  row(row: number): number[][];
}

/** Cross-attention out of u8sqrt bytes, `[heads, rows, columns]`. */
export function headWeights(base64: string, shape: { heads: number; rows: number; cols: number }): HeadWeights {
  const weights = sharesOf(bytesOf(base64));
  const { heads, rows, cols } = shape;
  if (weights.length !== heads * rows * cols) {
    throw new Error(`heads: ${weights.length} weights came for ${heads} heads of ${rows} × ${cols}`);
  }
  return {
    row: (row) =>
      Array.from({ length: heads }, (_, head) => {
        const from = (head * rows + row) * cols;
        const shares = Array.from(weights.subarray(from, from + cols));
        // Bytes are rounded: a row is to be 100 % again.
        const sum = shares.reduce((total, share) => total + share, 0);
        return shares.map((share) => share / sum);
      }),
  };
}
