import { DataError } from "./data-error.ts";

/** A pair as token ids. */
export interface Example {
  source: Int32Array;
  /** From `<start>` to `<end>`. */
  target: Int32Array;
}

/** Some examples side by side, padded to rectangles: what one training step reads. */
export interface Batch {
  size: number;
  /** Length of the longest source, in tokens. */
  sourceTime: number;
  /** Length of the longest decoder input: its target has one token more. */
  targetTime: number;
  /** `[size, sourceTime]`, padded. */
  sourceIds: Int32Array;
  /** `[size]`, in tokens. */
  sourceLengths: Int32Array;
  /** `[size, targetTime]`, padded: each target without its last token. */
  decoderInput: Int32Array;
  /** `[size]`, in tokens of decoder input. */
  targetLengths: Int32Array;
  /** `[tokens]`: where the real decoder inputs are, as `row · targetTime + time`. */
  positions: Int32Array;
  /** `[tokens]`: what is to be predicted there, each target without its first token. */
  labels: Int32Array;
  /** How many tokens are predicted: the sum of `targetLengths`. */
  tokens: number;
}

/**
 * Puts examples side by side.
 *
 * @param indices which examples, in the order of the rows
 * @throws DataError if there are none, if a source is empty, or if a target has fewer than two tokens
 */
export function makeBatch(examples: readonly Example[], indices: ArrayLike<number>, padId: number): Batch {
  const rows = Array.from(indices, (index) => checkExample(examples[index], index));
  if (rows.length === 0) throw new DataError("makeBatch: a batch needs at least one example");
  const size = rows.length;
  const sourceLengths = Int32Array.from(rows, ({ source }) => source.length);
  const targetLengths = Int32Array.from(rows, ({ target }) => target.length - 1);
  const sourceTime = sourceLengths.reduce((longest, length) => Math.max(longest, length));
  const targetTime = targetLengths.reduce((longest, length) => Math.max(longest, length));
  const tokens = targetLengths.reduce((sum, length) => sum + length);
  const sourceIds = new Int32Array(size * sourceTime).fill(padId);
  const decoderInput = new Int32Array(size * targetTime).fill(padId);
  const positions = new Int32Array(tokens);
  const labels = new Int32Array(tokens);
  let token = 0;
  for (const [row, { source, target }] of rows.entries()) {
    sourceIds.set(source, row * sourceTime);
    decoderInput.set(target.subarray(0, -1), row * targetTime);
    labels.set(target.subarray(1), token);
    for (let time = 0; time < target.length - 1; time++) positions[token++] = row * targetTime + time;
  }
  return {
    size,
    sourceTime,
    targetTime,
    sourceIds,
    sourceLengths,
    decoderInput,
    targetLengths,
    positions,
    labels,
    tokens,
  };
}

function checkExample(example: Example | undefined, index: number): Example {
  if (example === undefined) throw new DataError(`makeBatch: there is no example ${index}`);
  if (example.source.length === 0) throw new DataError(`makeBatch: the source of example ${index} has no tokens`);
  if (example.target.length < 2) {
    throw new DataError(
      `makeBatch: the target of example ${index} has ${example.target.length} tokens; it needs at least <start> and <end>`,
    );
  }
  return example;
}
