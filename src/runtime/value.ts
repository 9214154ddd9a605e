import type { ArrayOf, DType } from "../graph/tensor.ts";

/** An array with its shape: what goes into a program and comes out of it. The data is not copied. */
export interface Value<T extends DType = DType> {
  readonly dtype: T;
  readonly shape: readonly number[];
  readonly data: ArrayOf[T];
}

/** A float32 array with this shape, row after row: `data` is as long as the lengths of the axes multiplied. It is not copied. */
export function floats(shape: readonly number[], data: Float32Array): Value<"float32"> {
  return { dtype: "float32", shape, data };
}

/** An int32 array with this shape, as {@link floats}. */
export function integers(shape: readonly number[], data: Int32Array): Value<"int32"> {
  return { dtype: "int32", shape, data };
}
