import type { ArrayOf, DType } from "../graph/tensor.ts";
import type { Value } from "../runtime/value.ts";

/** Rows of the first axis by number, as a new value. */
export function takeRows<T extends DType>({ dtype, shape, data }: Value<T>, rows: readonly number[]): Value<T> {
  const size = rowSize(shape);
  const taken = arrayOf(dtype, rows.length * size);
  for (const [i, row] of rows.entries()) taken.set(data.subarray(row * size, (row + 1) * size) as never, i * size);
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: taken };
}

/** Puts a copy of another row into each row that `sources` gives one for, in place; no source is written to. */
export function moveRows({ shape, data }: Value, sources: readonly number[]): void {
  const size = rowSize(shape);
  for (const [row, source] of sources.entries()) {
    if (source !== row) data.copyWithin(row * size, source * size, (source + 1) * size);
  }
}

function rowSize(shape: readonly number[]): number {
  return shape.slice(1).reduce((a, b) => a * b, 1);
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array };

function arrayOf<T extends DType>(dtype: T, length: number): ArrayOf[T] {
  return new ARRAYS[dtype](length) as ArrayOf[T];
}
