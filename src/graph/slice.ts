import { expand } from "./broadcast.ts";
import { type Dimension, difference, type Shape, sumOf } from "./dimension.ts";
import { scalar } from "./source.ts";
import {
  apply,
  applyAll,
  type MultiOperation,
  normalAxis,
  type Operation,
  requireType,
  shapeError,
  type Tensor,
} from "./tensor.ts";

/**
 * The part `start … end − 1` of one axis.
 *
 * @param axis negative ones count from the end
 * @returns of the same type; the axis is `end − start` long
 * @throws when there is no such axis, or the part is known not to lie inside it
 */
export function slice(x: Tensor, axis: number, start: Dimension, end: Dimension): Tensor {
  const along = normalAxis("slice", x, axis);
  if (start === 0 && end === x.shape[along]) return x;
  return apply(Slice(along, start, end), x);
}

const Slice = (axis: number, start: Dimension, end: Dimension): Operation<[x: Tensor]> => ({
  name: "Slice",
  attributes: { range: [axis, start, end].join() },
  infer: ([x]) => {
    const length = difference(end, start);
    const whole = x.shape[axis];
    if ([start, length].some(isNegative) || (typeof end === "number" && typeof whole === "number" && end > whole)) {
      throw shapeError("slice", `${start} to ${end} is not inside axis ${axis}`, { x });
    }
    return { dtype: x.dtype, shape: withLength(x.shape, axis, length) };
  },
  gradient: ([x], dC) => [pad(dC, axis, start, difference(x.shape[axis], end))],
  lower: (emit, [x]) => {
    const axes = emit.constant("int64", [1], BigInt64Array.of(BigInt(axis)));
    return emit.node("Slice", [x, emit.dimensions([start]), emit.dimensions([end]), axes]);
  },
});

/**
 * Zeros before and after `x` along one axis.
 *
 * @param x float32
 * @param axis negative ones count from the end
 * @returns the axis is `before + length + after` long
 * @throws when there is no such axis, `x` is not float32, or `before` or `after` is negative
 */
export function pad(x: Tensor, axis: number, before: Dimension, after: Dimension): Tensor {
  const along = normalAxis("pad", x, axis);
  if (before === 0 && after === 0) return x;
  return apply(Pad(along, before, after), x);
}

const Pad = (axis: number, before: Dimension, after: Dimension): Operation<[x: Tensor]> => ({
  name: "Pad",
  attributes: { range: [axis, before, after].join() },
  infer: ([x]) => {
    requireType("pad", "float32", { x });
    if ([before, after].some(isNegative)) throw shapeError("pad", `cannot add ${before} and ${after}`, { x });
    return { dtype: x.dtype, shape: withLength(x.shape, axis, sumOf(before, x.shape[axis], after)) };
  },
  gradient: ([x], dC) => [slice(dC, axis, before, sumOf(before, x.shape[axis]))],
  lower: (emit, [x]) => {
    const zero = emit.constant("float32", [], Float32Array.of(0));
    const axes = emit.constant("int64", [1], BigInt64Array.of(BigInt(axis)));
    return emit.node("Pad", [x, emit.dimensions([before, after]), zero, axes]);
  },
});

/**
 * Joins tensors along one axis.
 *
 * @param parts at least one, of one type, with the same lengths along all other axes
 * @param axis negative ones count from the end
 * @returns the axis is as long as those of all parts together
 * @throws when there is no such axis, or types or other axes differ
 */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const along = normalAxis("concat", parts[0], axis);
  return parts.length === 1 ? parts[0] : apply(Concat(along), ...parts);
}

const Concat = (axis: number): Operation<readonly Tensor[]> => ({
  name: "Concat",
  attributes: { axis },
  infer: (parts) => {
    const rest = ({ shape }: Tensor) => withLength(shape, axis, 0).join();
    if (parts.some((part) => part.dtype !== parts[0].dtype || rest(part) !== rest(parts[0]))) {
      throw shapeError("concat", `shapes differ outside axis ${axis}`, Object.fromEntries(parts.entries()));
    }
    const length = sumOf(...parts.map(({ shape }) => shape[axis]));
    return { dtype: parts[0].dtype, shape: withLength(parts[0].shape, axis, length) };
  },
  gradient: (parts, dC) => {
    let end: Dimension = 0;
    return parts.map(({ shape }) => {
      const start = end;
      end = sumOf(start, shape[axis]);
      return slice(dC, axis, start, end);
    });
  },
});

/**
 * The parts of one axis, of these lengths, in order: the inverse of {@link concat}.
 *
 * @param axis negative ones count from the end
 * @throws when there is no such axis, or the lengths do not add up to it
 */
export function split(x: Tensor, axis: number, lengths: readonly Dimension[]): readonly Tensor[] {
  const along = normalAxis("split", x, axis);
  if (sumOf(...lengths) !== x.shape[along]) {
    throw shapeError("split", `parts of ${lengths.join(", ")} do not make up axis ${axis}`, { x });
  }
  return lengths.length === 1 ? [x] : applyAll(Split(along, lengths), x);
}

const Split = (axis: number, lengths: readonly Dimension[]): MultiOperation<[x: Tensor]> => ({
  name: "Split",
  attributes: { parts: [axis, ...lengths].join() },
  inferAll: ([x]) => lengths.map((length) => ({ dtype: x.dtype, shape: withLength(x.shape, axis, length) })),
  gradientAll: (_, cotangents, parts) => [
    concat(
      parts.map(({ shape }, i) => cotangents[i] ?? expand(scalar(0), shape)),
      axis,
    ),
  ],
  lower: (emit, [x]) => emit.node("Split", [x, emit.dimensions(lengths)], { axis }, lengths.length),
});

function withLength(shape: Shape, axis: number, length: Dimension): Shape {
  return shape.map((own, index) => (index === axis ? length : own));
}

function isNegative(length: Dimension): boolean {
  return typeof length === "number" && length < 0;
}
