import { reshape } from "./broadcast.ts";
import { sameShape } from "./dimension.ts";
import { add, multiply } from "./elementwise.ts";
import { gather, scatterAdd } from "./gather.ts";
import type { Tensor } from "./tensor.ts";

// The gradient of a cross-entropy is a dense matrix plus one value a row, `X + place(columns, values)`. Products and
// sums distribute over it: the dense part goes on as it is, and the other costs a few rows instead of a pass over all.

/** One value in each row of a matrix `[rows, columns]` of zeros. */
interface Place {
  /** int32 `[rows]` */
  readonly columns: Tensor;
  /** `[rows]` */
  readonly values: Tensor;
}

/** A matrix as a dense part plus places; `undefined` if it has no places. */
export function splitPlaces(x: Tensor): { dense: Tensor; places: Place[] } | undefined {
  if (x.rank !== 2 || x.node.operation.name !== "Add") return undefined;
  const [a, b] = x.node.inputs;
  if (!sameShape(a.shape, b.shape)) return undefined;
  for (const [dense, other] of [
    [a, b],
    [b, a],
  ]) {
    if (other.node.operation.name === "Place") {
      const [columns, values] = other.node.inputs;
      const inner = splitPlaces(dense);
      return { dense: inner?.dense ?? dense, places: [...(inner?.places ?? []), { columns, values }] };
    }
    const inner = splitPlaces(other);
    if (inner !== undefined) return { dense: add(dense, inner.dense), places: inner.places };
  }
  return undefined;
}

/** `place · B`: row i is `values[i] · B[columns[i]]`. */
export function placeTimes({ columns, values }: Place, b: Tensor): Tensor {
  return multiply(gather(b, columns), asColumn(values));
}

/** `placeᵀ · B`: row `columns[i]` receives `values[i] · B[i]`. */
export function placeTransposedTimes({ columns, values }: Place, b: Tensor, rows: Tensor["shape"][number]): Tensor {
  return scatterAdd(columns, multiply(b, asColumn(values)), [rows, b.shape[1]]);
}

function asColumn(values: Tensor): Tensor {
  return reshape(values, [...values.shape, 1]);
}
