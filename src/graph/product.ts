import { broadcastShape, expand, reshape, sumTo } from "./broadcast.ts";
import { productOf, type Shape, sameShape } from "./dimension.ts";
import { add } from "./elementwise.ts";
import { placeTimes, placeTransposedTimes, splitPlaces } from "./sparse.ts";
import { apply, type Operation, requireType, shapeError, type Tensor } from "./tensor.ts";

/**
 * Matrix product of float32 tensors over the last two axes, broadcasting the others.
 *
 * @param a `[...batch, rows, inner]`
 * @param b `[...batch, inner, columns]`
 * @returns `[...batch, rows, columns]`
 * @throws when a factor is not float32 or has fewer than two axes, or lengths do not fit
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  requireType("matmul", "float32", { a, b });
  if (a.rank < 2 || b.rank < 2) throw shapeError("matmul", "wants matrices", { a, b });
  const [inner, columns] = b.shape.slice(-2);
  if (a.shape[a.rank - 1] !== inner) throw shapeError("matmul", "inner axes differ", { a, b });
  if (b.rank === 2 && a.rank > 2) {
    // One large product instead of many small ones: all rows against the same matrix.
    const rows = reshape(a, [productOf(a.shape.slice(0, -1)), inner]);
    return reshape(matmul(rows, b), [...a.shape.slice(0, -1), columns]);
  }
  const sparse = a.rank === 2 ? distributed(a, b) : undefined;
  if (sparse !== undefined) return sparse;
  const batch = broadcastShape("matmul", {
    a: { dtype: a.dtype, shape: a.shape.slice(0, -2) },
    b: { dtype: b.dtype, shape: b.shape.slice(0, -2) },
  });
  return apply(MatMul, expand(a, [...batch, ...a.shape.slice(-2)]), expand(b, [...batch, ...b.shape.slice(-2)]));
}

/** The product where a factor is a dense matrix plus a few values; see sparse.ts. */
function distributed(a: Tensor, b: Tensor): Tensor | undefined {
  const plain = splitPlaces(a);
  if (plain !== undefined) {
    return plain.places.map((place) => placeTimes(place, b)).reduce(add, matmul(plain.dense, b));
  }
  const turned = isMatrixTranspose(a) ? splitPlaces(a.node.inputs[0]) : undefined;
  if (turned !== undefined) {
    return turned.places
      .map((place) => placeTransposedTimes(place, b, a.shape[0]))
      .reduce(add, matmul(transpose(turned.dense), b));
  }
  return splitPlaces(b) === undefined ? undefined : transpose(matmul(transpose(b), transpose(a)));
}

const MatMul: Operation<[a: Tensor, b: Tensor]> = {
  name: "MatMul",
  infer: ([a, b]) => ({ dtype: a.dtype, shape: [...a.shape.slice(0, -1), b.shape[b.rank - 1]] }),
  // C = AB  ⇒  dA = dC·Bᵀ,  dB = Aᵀ·dC
  gradient: ([a, b], dC) => [sumTo(matmul(dC, transpose(b)), a.shape), sumTo(matmul(transpose(a), dC), b.shape)],
};

/**
 * The axes in another order. A transposed product is written as the product of the transposed factors, which costs
 * nothing when lowered.
 *
 * @param order for each axis of the result the axis of `x`. Default: the last two change places
 * @throws when `order` does not name every axis once
 */
export function transpose(x: Tensor, order: readonly number[] = lastTwoSwapped(x)): Tensor {
  const { operation, inputs } = x.node;
  if (order.every((axis, index) => axis === index)) return x;
  // Only axes of length 1 move: no element does.
  const moved = order.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, index) => index === 0 || moved[index - 1] < axis)) {
    return reshape(
      x,
      order.map((axis) => x.shape[axis]),
    );
  }
  if (operation.name === "Transpose") {
    const inner = orderOf(x);
    return transpose(
      inputs[0],
      order.map((axis) => inner[axis]),
    );
  }
  if (operation === MatMul && order.join() === lastTwoSwapped(x).join()) {
    return matmul(transpose(inputs[1]), transpose(inputs[0]));
  }
  return apply(Transpose(order), x);
}

/** The order of axes a `Transpose` node puts its input in. */
function orderOf(transposed: Tensor): readonly number[] {
  return transposed.node.operation.attributes?.perm as readonly number[];
}

/** Whether a tensor is another with its last two axes exchanged. */
export function isMatrixTranspose(x: Tensor): boolean {
  return x.node.operation.name === "Transpose" && orderOf(x).join() === lastTwoSwapped(x).join();
}

function lastTwoSwapped(x: Tensor): number[] {
  const axes = x.shape.map((_, axis) => axis);
  return [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
}

const Transpose = (order: readonly number[]): Operation<[x: Tensor]> => ({
  name: "Transpose",
  attributes: { perm: order },
  infer: ([x]) => {
    const sorted = [...order].sort((a, b) => a - b);
    if (
      !sameShape(
        sorted as Shape,
        x.shape.map((_, axis) => axis),
      )
    ) {
      throw shapeError("transpose", `[${order.join(", ")}] is no order of its axes`, { x });
    }
    return { dtype: x.dtype, shape: order.map((axis) => x.shape[axis]) };
  },
  gradient: (_, dC) => [
    transpose(
      dC,
      order.map((__, axis) => order.indexOf(axis)),
    ),
  ],
});
