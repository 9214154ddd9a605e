import type { ArrayOf, DType } from "../graph/tensor.ts";
import type { Value } from "../runtime/value.ts";
import { arrayOf } from "./rows.ts";

/**
 * Memory for values that take the place of others again and again: two arrays a name, in turns, so that what is there can
 * be read while what follows is written. New arrays each time would keep the garbage collector busy.
 */
export class TurningBuffers {
  readonly #arrays = new Map<string, [ArrayOf[DType], ArrayOf[DType]]>();

  /** A value of any content, not in the memory of the one that was given for this name before. */
  next<T extends DType>(name: string, dtype: T, shape: readonly number[]): Value<T> {
    const length = shape.reduce((a, b) => a * b, 1);
    const [last, other] = this.#arrays.get(name) ?? [arrayOf(dtype, 0), arrayOf(dtype, 0)];
    const array = other.length < length ? arrayOf(dtype, 2 * length) : other;
    this.#arrays.set(name, [array, last]);
    return { dtype, shape, data: array.subarray(0, length) as ArrayOf[T] };
  }
}
