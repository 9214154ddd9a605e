import { type Dimension, difference } from "./dimension.ts";
import { apply, type Operation, type Tensor } from "./tensor.ts";

/** The whole numbers `start, …, end − 1` as int32 `[end − start]`. */
export function range(start: Dimension, end: Dimension): Tensor {
  return apply(Range(start, end));
}

const Range = (start: Dimension, end: Dimension): Operation<[]> => ({
  name: "Range",
  attributes: { range: [start, end].join() },
  infer: () => ({ dtype: "int32", shape: [difference(end, start)] }),
  gradient: () => [],
  lower: (emit) => {
    const number = (dimension: Dimension) =>
      emit.node("Reshape", [emit.dimensions([dimension]), emit.dimensions([])])[0];
    const one = emit.constant("int64", [], BigInt64Array.of(1n));
    return emit.node("Cast", emit.node("Range", [number(start), number(end), one]), { to: 6 });
  },
});
