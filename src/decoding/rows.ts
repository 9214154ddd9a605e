import type { ArrayOf, DType } from "../graph/tensor.ts";
import type { Value } from "../runtime/value.ts";

/** Rows of the first axis by number, as a new value. Those of further values count on; they differ in nothing but rows. */
export function takeRows<T extends DType>(first: Value<T>, rows: readonly number[], ...more: Value<T>[]): Value<T> {
  const { dtype, shape } = first;
  const size = rowSize(shape);
  const taken = arrayOf(dtype, rows.length * size);
  const all = [first, ...more].flatMap((value) => Array.from({ length: value.shape[0] }, (_, row) => ({ value, row })));
  for (const [i, number] of rows.entries()) {
    const { value, row } = all[number];
    taken.set(value.data.subarray(row * size, (row + 1) * size) as never, i * size);
  }
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: taken };
}

/**
 * A value whose rows have another length: what is too much is cut off, what lacks is zero.
 *
 * @param axis not the first, that of the rows
 * @param kept which end stays what it is
 */
export function withLength<T extends DType>(
  value: Value<T>,
  { axis, length, kept }: { axis: number; length: number; kept: "first" | "last" },
): Value<T> {
  const { dtype, shape, data } = value;
  const before = shape[axis];
  if (before === length) return value;
  const [outer, inner] = [shape.slice(0, axis), shape.slice(axis + 1)].map((lengths) => lengths.reduce(times, 1));
  const changed = arrayOf(dtype, outer * length * inner);
  const common = Math.min(before, length);
  const [from, to] = kept === "first" ? [0, 0] : [before - common, length - common];
  for (let i = 0; i < outer; i++) {
    const start = (i * before + from) * inner;
    changed.set(data.subarray(start, start + common * inner) as never, (i * length + to) * inner);
  }
  return { dtype, shape: shape.with(axis, length), data: changed };
}

/** Puts a copy of another row into each row that `sources` gives one for, in place; no source is written to. */
export function moveRows({ shape, data }: Value, sources: readonly number[]): void {
  const size = rowSize(shape);
  for (const [row, source] of sources.entries()) {
    if (source !== row) data.copyWithin(row * size, source * size, (source + 1) * size);
  }
}

function rowSize(shape: readonly number[]): number {
  return shape.slice(1).reduce(times, 1);
}

function times(a: number, b: number): number {
  return a * b;
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array };

function arrayOf<T extends DType>(dtype: T, length: number): ArrayOf[T] {
  return new ARRAYS[dtype](length) as ArrayOf[T];
}
