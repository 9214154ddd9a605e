import type { Shape } from "./dimension.ts";
import { sameShape } from "./dimension.ts";
import { apply, type Operation, requireType, shapeError, type Tensor } from "./tensor.ts";

/**
 * Rows of a table by number.
 *
 * @param table `[rows, ...row]`
 * @param indices int32 `[...]`, each in `0 … rows − 1`
 * @returns `[...indices, ...row]`
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  return apply(Gather, table, indices);
}

const Gather: Operation<[table: Tensor, indices: Tensor]> = {
  name: "Gather",
  attributes: { axis: 0 },
  infer: ([table, indices]) => {
    requireType("gather", "int32", { indices });
    if (table.rank === 0) throw shapeError("gather", "the table has no rows", { table, indices });
    return { dtype: table.dtype, shape: [...indices.shape, ...table.shape.slice(1)] };
  },
  gradient: ([table, indices], dC) => [scatterAdd(indices, dC, table.shape), undefined],
};

/**
 * The adjoint of {@link gather}: a table of zeros to which rows are added; rows with the same number add up.
 *
 * @param indices int32 `[...]`
 * @param rows `[...indices, ...row]`
 * @param shape of the table, `[rows, ...row]`
 */
export function scatterAdd(indices: Tensor, rows: Tensor, shape: Shape): Tensor {
  return apply(ScatterAdd(shape), indices, rows);
}

const ScatterAdd = (shape: Shape): Operation<[indices: Tensor, rows: Tensor]> => ({
  name: "ScatterAdd",
  attributes: { shape: shape.join() },
  infer: ([indices, rows]) => {
    requireType("scatterAdd", "int32", { indices });
    if (!sameShape(rows.shape, [...indices.shape, ...shape.slice(1)])) {
      throw shapeError("scatterAdd", `rows do not fit a table [${shape.join(", ")}]`, { indices, rows });
    }
    return { dtype: rows.dtype, shape };
  },
  gradient: ([indices], dC) => [undefined, gather(dC, indices)],
  lower: (emit, [indices, rows], node) => {
    const zero = emit.constant("float32", [], Float32Array.of(0));
    const [table] = emit.node("Expand", [zero, emit.dimensions(shape)]);
    const [wide] = emit.node("Cast", [indices], { to: 7 });
    const numbers = emit.node("Reshape", [wide, emit.dimensions([...node.inputs[0].shape, 1])])[0];
    return emit.node("ScatterND", [table, numbers, rows], { reduction: "add" });
  },
});

/**
 * One element of each row, by number.
 *
 * @param x `[...rows, columns]`
 * @param indices int32 `[...rows]`, each in `0 … columns − 1`
 * @returns `[...rows]`
 */
export function pick(x: Tensor, indices: Tensor): Tensor {
  return apply(Pick, x, indices);
}

const Pick: Operation<[x: Tensor, indices: Tensor]> = {
  name: "Pick",
  infer: ([x, indices]) => {
    requireType("pick", "int32", { indices });
    if (!sameShape(indices.shape, x.shape.slice(0, -1))) {
      throw shapeError("pick", "wants one index a row", { x, indices });
    }
    return { dtype: x.dtype, shape: indices.shape };
  },
  gradient: ([x, indices], dC) => [place(indices, dC, x.shape), undefined],
  lower: (emit, [x, indices], node) => {
    const { shape } = node.inputs[1];
    const column = emit.node("Reshape", [indices, emit.dimensions([...shape, 1])])[0];
    const [picked] = emit.node("GatherElements", [x, column], { axis: shape.length });
    return emit.node("Reshape", [picked, emit.dimensions(shape)]);
  },
};

/** The adjoint of {@link pick}: zeros of `shape` with one value a row. */
export function place(indices: Tensor, values: Tensor, shape: Shape): Tensor {
  return apply(Place(shape), indices, values);
}

const Place = (shape: Shape): Operation<[indices: Tensor, values: Tensor]> => ({
  name: "Place",
  attributes: { shape: shape.join() },
  infer: ([indices, values]) => {
    if (!sameShape(indices.shape, values.shape) || !sameShape(values.shape, shape.slice(0, -1))) {
      throw shapeError("place", `does not fit [${shape.join(", ")}]`, { indices, values });
    }
    return { dtype: values.dtype, shape };
  },
  gradient: ([indices], dC) => [undefined, pick(dC, indices)],
  lower: (emit, [indices, values]) => {
    const zero = emit.constant("float32", [], Float32Array.of(0));
    const [base] = emit.node("Expand", [zero, emit.dimensions(shape)]);
    const column = emit.dimensions([...shape.slice(0, -1), 1]);
    const [index] = emit.node("Reshape", [indices, column]);
    const [value] = emit.node("Reshape", [values, column]);
    return emit.node("ScatterElements", [base, index, value], { axis: shape.length - 1 });
  },
});
