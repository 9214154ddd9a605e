import type { ArrayOf, DType } from "../graph/tensor.ts";
import type { Value } from "../runtime/value.ts";

/** What rows shall have along an axis other than the first: what is too much is cut off, what lacks is zero. */
export interface Lengthening {
  readonly axis: number;
  readonly length: number;
  /** Which end stays what it is. */
  readonly kept: "first" | "last";
}

/** Gives memory for a value of a shape; what it holds is overwritten. */
export type Allocate = <T extends DType>(dtype: T, shape: readonly number[]) => Value<T>;

/**
 * Rows by number, counted through several values that differ in nothing but rows, and in the length that is changed.
 *
 * @param along Default: all lengths stay
 * @param allocate Default: new memory
 */
export function takeRows<T extends DType>(
  values: readonly Value<T>[],
  rows: readonly number[],
  { along, allocate = newValue }: { along?: Lengthening; allocate?: Allocate } = {},
): Value<T> {
  const [{ dtype, shape }] = values;
  const lengths = along === undefined ? shape : shape.with(along.axis, along.length);
  const taken = allocate(dtype, [rows.length, ...lengths.slice(1)]);
  const all = values.flatMap((value) => Array.from({ length: value.shape[0] }, (_, row) => ({ value, row })));
  for (const [to, number] of rows.entries()) {
    const { value, row } = all[number];
    const same = along === undefined || value.shape[along.axis] === along.length;
    if (same) copyRow(value, row, taken, to);
    else copyLengthened(value, row, taken, to, along);
  }
  return taken;
}

function copyRow(value: Value, row: number, taken: Value, to: number): void {
  const size = rowSize(taken.shape);
  taken.data.set(value.data.subarray(row * size, (row + 1) * size) as never, to * size);
}

function copyLengthened(
  value: Value,
  row: number,
  taken: Value,
  to: number,
  { axis, length, kept }: Lengthening,
): void {
  const before = value.shape[axis];
  const blocks = taken.shape.slice(1, axis).reduce(times, 1);
  const inner = taken.shape.slice(axis + 1).reduce(times, 1);
  const common = Math.min(before, length) * inner;
  const [cut, pad] = kept === "first" ? [0, 0] : [before * inner - common, length * inner - common];
  for (let block = 0; block < blocks; block++) {
    const from = (row * blocks + block) * before * inner + cut;
    const start = (to * blocks + block) * length * inner;
    if (common < length * inner) taken.data.fill(0 as never, start, start + length * inner);
    taken.data.set(value.data.subarray(from, from + common) as never, start + pad);
  }
}

/** In place, row `i` becomes a copy of row `sources[i]`. A row that others become must stay (`sources[i] === i`). */
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

function newValue<T extends DType>(dtype: T, shape: readonly number[]): Value<T> {
  return { dtype, shape, data: arrayOf(dtype, shape.reduce(times, 1)) };
}

export function arrayOf<T extends DType>(dtype: T, length: number): ArrayOf[T] {
  return new ARRAYS[dtype](length) as ArrayOf[T];
}
