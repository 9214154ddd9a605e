import { reshape, sum } from "./broadcast.ts";
import { productOf, sameShape } from "./dimension.ts";
import { add, multiply, negate, subtract } from "./elementwise.ts";
import { isMatrixTranspose, matmul, transpose } from "./product.ts";
import { apply, type Operation, type Tensor } from "./tensor.ts";

/** How a tensor of a step is summed over all steps. */
export interface Total {
  /** Tensors of the step to be stacked over time. */
  readonly stacks: readonly Tensor[];
  /** Tensors of the step to be added up from step to step. */
  readonly sums: readonly Tensor[];
  /** The total, from the stacks `[time, ...]` and the sums. */
  build(done: { stackOf: (x: Tensor) => Tensor; sumOf: (x: Tensor) => Tensor }): Tensor;
}

/**
 * The sum of a tensor over all steps of a scan, with as little as possible done in each: the sum goes through whatever
 * is linear; a product's factors are stacked, and `Σ AᵗBᵗ` becomes the one product `[A¹ A² …][B¹; B²; …]`.
 *
 * @param varies whether a tensor differs from step to step
 */
export function totalOverTime(x: Tensor, varies: (x: Tensor) => boolean): Total {
  const total = (y: Tensor) => totalOverTime(y, varies);
  const { operation, inputs } = x.node;
  const [a, b] = inputs;
  switch (varies(x) ? operation.name : undefined) {
    case "Add":
      if (sameShape(a.shape, b.shape) && varies(a) && varies(b)) return both(total(a), total(b), add);
      break;
    case "Sub":
      if (sameShape(a.shape, b.shape) && varies(a) && varies(b)) return both(total(a), total(b), subtract);
      break;
    case "Mul":
      if (!varies(b) && sameShape(a.shape, x.shape)) return through(total(a), (sum_) => multiply(sum_, b));
      if (!varies(a) && sameShape(b.shape, x.shape)) return through(total(b), (sum_) => multiply(a, sum_));
      break;
    case "Neg":
      return through(total(a), negate);
    case "Reshape":
      return through(total(a), (sum_) => reshape(sum_, x.shape));
    case "Transpose":
      return through(total(a), (sum_) => transpose(sum_, operation.attributes!.perm as readonly number[]));
    case "Slice":
    case "Pad":
      return through(total(a), (sum_) => apply(operation as Operation<[Tensor]>, sum_));
    case "ReduceSum": {
      const axes = operation.attributes!.axes as readonly number[];
      return stacked([a], ([all]) => reshape(sum(all, [0, ...axes.map((axis) => axis + 1)]), x.shape));
    }
    case "MatMul":
      if (!varies(b)) return through(total(a), (sum_) => matmul(sum_, b));
      if (!varies(a)) return through(total(b), (sum_) => matmul(a, sum_));
      return productTotal(a, b);
  }
  return { stacks: [], sums: [x], build: ({ sumOf }) => sumOf(x) };
}

/** `Σ AᵗBᵗ` as one product whose inner axis runs over time too. */
function productTotal(a: Tensor, b: Tensor): Total {
  // The factor is stacked so that its inner axis is the last but one: then time moves beside it.
  const turned = isMatrixTranspose(a) ? a.node.inputs[0] : undefined;
  return stacked([turned ?? a, b], ([as, bs]) => {
    const left = timeBesideRows(turned === undefined ? transpose(as) : as);
    return matmul(transpose(left), timeBesideRows(bs));
  });
}

/** `[time, ...batch, rows, columns]` → `[...batch, time · rows, columns]` */
function timeBesideRows(x: Tensor): Tensor {
  const batch = x.rank - 3;
  const order = [...Array.from({ length: batch }, (_, axis) => axis + 1), 0, batch + 1, batch + 2];
  const [rows, columns] = x.shape.slice(-2);
  return reshape(transpose(x, order), [...x.shape.slice(1, 1 + batch), productOf([x.shape[0], rows]), columns]);
}

function stacked(tensors: readonly Tensor[], build: (stacks: readonly Tensor[]) => Tensor): Total {
  return { stacks: tensors, sums: [], build: ({ stackOf }) => build(tensors.map(stackOf)) };
}

function through(inner: Total, f: (sum_: Tensor) => Tensor): Total {
  return { ...inner, build: (done) => f(inner.build(done)) };
}

function both(a: Total, b: Total, f: (a: Tensor, b: Tensor) => Tensor): Total {
  return {
    stacks: [...a.stacks, ...b.stacks],
    sums: [...a.sums, ...b.sums],
    build: (done) => f(a.build(done), b.build(done)),
  };
}
