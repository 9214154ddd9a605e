import { add } from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

/** Rows of a gradient: `rows[i]` belongs to row `indices[i]` of the table. */
export interface RowGradient {
  /** int32 `[...]` */
  readonly indices: Tensor;
  /** `[...indices, ...row]` */
  readonly rows: Tensor;
}

/**
 * Takes the gradient of a table apart: what came through lookups stays as rows, so that a table need not be filled
 * with zeros for the few rows a batch touches. The gradient is `dense` plus all rows.
 */
export function splitRows(gradient: Tensor): { dense?: Tensor; rows: RowGradient[] } {
  const { operation, inputs } = gradient.node;
  if (operation.name === "ScatterAdd") return { rows: [{ indices: inputs[0], rows: inputs[1] }] };
  if (operation.name !== "Add") return { dense: gradient, rows: [] };
  const [a, b] = inputs.map(splitRows);
  if (a.rows.length + b.rows.length === 0) return { dense: gradient, rows: [] };
  const dense = a.dense !== undefined && b.dense !== undefined ? add(a.dense, b.dense) : (a.dense ?? b.dense);
  return { dense, rows: [...a.rows, ...b.rows] };
}
