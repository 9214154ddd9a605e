import type { ArrayOf, DType } from "../graph/tensor.ts";
import type { Value } from "../runtime/value.ts";
import { arrayOf } from "./rows.ts";

/**
 * Memory for values that are replaced again and again: two arrays a name, used in turn, so that the value before can be read
 * while the next is written. New arrays each time would keep the garbage collector busy.
 */
export class TurningBuffers {
  readonly #arrays = new Map<string, [ArrayOf[DType], ArrayOf[DType]]>();

  /** A value to be filled. It shares no memory with the last one given for this name, but may with the one before that. */
  next<T extends DType>(name: string, dtype: T, shape: readonly number[]): Value<T> {
    const length = shape.reduce((a, b) => a * b, 1);
    const [last, other] = this.#arrays.get(name) ?? [arrayOf(dtype, 0), arrayOf(dtype, 0)];
    const array = other.length < length ? arrayOf(dtype, 2 * length) : other;
    this.#arrays.set(name, [array, last]);
    return { dtype, shape, data: array.subarray(0, length) as ArrayOf[T] };
  }
}
