import { type Dimension, productOf, type Shape, sameShape } from "./dimension.ts";
import { scalarValue } from "./source.ts";
import { apply, normalAxis, type Operation, requireType, shapeError, type Tensor, type TensorType } from "./tensor.ts";

/** The shape that tensors of these shapes broadcast to, axes aligned at the end (as in NumPy and ONNX). */
export function broadcastShape(operation: string, tensors: Readonly<Record<string, TensorType>>): Shape {
  const types = Object.values(tensors);
  const rank = Math.max(...types.map((type) => type.shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let length: Dimension = 1;
    for (const { shape } of types) {
      const own = shape[axis - (rank - shape.length)] ?? 1;
      if (own === 1 || own === length) continue;
      if (length !== 1) throw shapeError(operation, "shapes do not broadcast", tensors);
      length = own;
    }
    return length;
  });
}

/**
 * The same elements in another shape; free of cost.
 *
 * @throws when the number of elements would differ
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const origin = x.node.operation.name === "Reshape" ? x.node.inputs[0] : x;
  return sameShape(origin.shape, shape) ? origin : apply(Reshape(shape), origin);
}

const Reshape = (shape: Shape): Operation<[x: Tensor]> => ({
  name: "Reshape",
  attributes: { shape: shape.join() },
  infer: ([x]) => {
    if (productOf(x.shape) !== productOf(shape)) {
      throw shapeError("reshape", `[${shape.join(", ")}] has another number of elements`, { x });
    }
    return { dtype: x.dtype, shape };
  },
  gradient: ([x], dC) => [reshape(dC, x.shape)],
  lower: (emit, [x], node) => {
    // ONNX: 0 copies the input's length on that axis, -1 is what remains.
    const from = node.inputs[0].shape;
    const plain = shape.map((length, axis) => (typeof length === "number" ? length : length === from[axis] ? 0 : -1));
    const unknown = plain.filter((length) => length === -1).length;
    if (unknown <= 1 && !shape.includes(0)) {
      return emit.node("Reshape", [x, emit.constant("int64", [shape.length], BigInt64Array.from(plain, BigInt))]);
    }
    // Here a length of 0 means 0.
    return emit.node("Reshape", [x, emit.dimensions(shape)], { allowzero: 1 });
  },
});

/**
 * Repeats axes of length 1, and adds axes in front, up to `shape`.
 *
 * @returns a tensor of this shape, of the type of `x`
 * @throws when `x` does not broadcast to `shape`
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  return apply(Expand(shape), x);
}

const Expand = (shape: Shape): Operation<[x: Tensor]> => ({
  name: "Expand",
  attributes: { shape: shape.join() },
  infer: ([x]) => {
    if (!sameShape(broadcastShape("expand", { x, target: { dtype: x.dtype, shape } }), shape)) {
      throw shapeError("expand", `does not fit into [${shape.join(", ")}]`, { x });
    }
    return { dtype: x.dtype, shape };
  },
  gradient: ([x], dC) => [sumTo(dC, x.shape)],
  lower: (emit, [x]) => emit.node("Expand", [x, emit.dimensions(shape)]),
});

/**
 * Sum over some axes.
 *
 * @param x float32
 * @param axes negative ones count from the end. Default: all
 * @param options.keepDims whether summed axes stay, with length 1. Default: no
 * @throws when there is no such axis, or `x` is not float32
 */
export function sum(x: Tensor, axes?: readonly number[], options: { keepDims?: boolean } = {}): Tensor {
  const summed = [...new Set((axes ?? x.shape.map((_, axis) => axis)).map((axis) => normalAxis("sum", x, axis)))].sort(
    (a, b) => a - b,
  );
  const kept = summed.length === 0 ? x : apply(Sum(summed), x);
  return options.keepDims === true ? kept : dropAxes(kept, summed);
}

const Sum = (axes: readonly number[]): Operation<[x: Tensor]> => ({
  name: "ReduceSum",
  attributes: { axes },
  infer: ([x]) => {
    requireType("sum", "float32", { x });
    return { dtype: x.dtype, shape: x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)) };
  },
  gradient: ([x], dC) => [expand(dC, x.shape)],
  lower: (emit, [x], node) => {
    const { shape } = node.inputs[0];
    const columns = shape[shape.length - 1];
    if (axes.length === shape.length - 1 && !axes.includes(axes.length) && typeof columns === "number" && columns > 1) {
      // Column sums are a product with a row of ones, which is faster than the operator made for it.
      const rows = productOf(shape.slice(0, -1));
      const one = emit.constant("float32", [], Float32Array.of(1));
      const [ones] = emit.node("Expand", [one, emit.dimensions([1, rows])]);
      const [flat] = emit.node("Reshape", [x, emit.dimensions([rows, columns])]);
      return emit.node("Reshape", [emit.node("Gemm", [ones, flat])[0], emit.dimensions(node.outputs[0].shape)]);
    }
    const list = emit.constant("int64", [axes.length], BigInt64Array.from(axes, BigInt));
    return emit.node("ReduceSum", [x, list], { keepdims: 1 });
  },
});

/** `x` without these axes, which have length 1. */
function dropAxes(x: Tensor, axes: readonly number[]): Tensor {
  return reshape(
    x,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

/** The adjoint of broadcasting: sums `x` down to `shape`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.flatMap((length, axis) => (axis < lead || shape[axis - lead] !== length ? [axis] : []));
  return reshape(sum(x, axes, { keepDims: true }), shape);
}

/** Whether every element is known to be `value`. */
export function isFilledWith(x: Tensor, value: number): boolean {
  const { name } = x.node.operation;
  if (name === "Expand" || name === "Reshape") return isFilledWith(x.node.inputs[0], value);
  return scalarValue(x) === value;
}
