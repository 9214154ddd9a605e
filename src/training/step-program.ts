import { differentiate } from "../graph/differentiate.ts";
import { splitRows } from "../graph/row-gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Lowered, lower } from "../onnx/lower.ts";
import type { Task } from "./task.ts";

/** A table of which a batch reads few rows: what the program gives of its gradient. */
export interface TableGradient {
  /** Of the parameter. */
  readonly name: string;
  readonly width: number;
  /** Output names of row numbers and rows. */
  readonly rows: readonly { readonly indices: string; readonly rows: string }[];
  /** Whether the program writes the whole gradient anyway. */
  readonly dense: boolean;
}

/** Loss and gradients of a batch as an ONNX model. Plain data, which may be sent to another thread. */
export interface StepProgram {
  readonly lowered: Lowered;
  readonly tables: readonly TableGradient[];
}

/** Differentiates the loss of a task by all parameters of its model. */
export function stepProgram(task: Pick<Task<never>, "model" | "sums">, labelSmoothing: number): StepProgram {
  const parameters = [...task.model.parameters()];
  const sums = task.sums(labelSmoothing);
  const found = differentiate(
    sums.loss,
    parameters.map(([, { tensor }]) => tensor),
  );
  const outputs: Record<string, Tensor> = { ...sums };
  const tables: TableGradient[] = [];
  parameters.forEach(([name, { shape }], i) => {
    const gradient = found[i];
    if (gradient === undefined) return;
    const { dense, rows } = splitRows(gradient);
    if (dense !== undefined) outputs[`gradient.${name}`] = dense;
    if (rows.length === 0) return;
    const names = rows.map((_, j) => ({ indices: `indices.${name}.${j}`, rows: `rows.${name}.${j}` }));
    rows.forEach((row, j) => {
      outputs[names[j].indices] = row.indices;
      outputs[names[j].rows] = row.rows;
    });
    const width = shape.slice(1).reduce((a, b) => a * b, 1);
    tables.push({ name, width, rows: names, dense: dense !== undefined });
  });
  const names = new Map(parameters.map(([name, { tensor }]) => [tensor, name]));
  return { lowered: lower(outputs, { parameters: names, dropout: true }), tables };
}
