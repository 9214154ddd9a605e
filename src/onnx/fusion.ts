import { sameShape } from "../graph/dimension.ts";
import { isMatrixTranspose } from "../graph/product.ts";
import { scalarValue } from "../graph/source.ts";
import { splitPlaces } from "../graph/sparse.ts";
import type { Node, Tensor } from "../graph/tensor.ts";
import type { GraphWriter } from "./writer.ts";

/** Where a node is written: the names of values, and how often a tensor is used. */
export interface Context {
  emit: GraphWriter;
  nameOf: (tensor: Tensor) => string;
  uses: (tensor: Tensor) => number;
}

type Fusion = (node: Node, context: Context) => readonly string[] | undefined;

/** ONNX for a node that takes over work of the nodes it reads; `undefined` where no fusion fits. */
export function fuse(node: Node, context: Context): readonly string[] | undefined {
  return FUSIONS[node.operation.name]?.(node, context);
}

/** A product reads its factors transposed instead of having them transposed. */
const fuseMatMul: Fusion = (node, context) => product(node, context, 1);

/** `factor · (A B)`: the product scales by itself. */
const fuseMultiply: Fusion = (node, context) => {
  for (const [product_, factor] of [node.inputs, [...node.inputs].reverse()]) {
    const alpha = scalarValue(factor);
    if (alpha !== undefined && isFree(product_, "MatMul", context)) return product(product_.node, context, alpha);
  }
  return undefined;
};

/** `A B + C` is one `Gemm`, where C is a matrix or a row. */
const fuseAdd: Fusion = (node, context) => {
  for (const [a, b] of [node.inputs, [...node.inputs].reverse()]) {
    if (isFree(a, "MatMul", context) && a.rank === 2 && sameShape(b.shape, a.shape.slice(-b.rank))) {
      return gemm(a.node, context, 1, context.nameOf(b));
    }
  }
  return undefined;
};

/** Column sums of `X + place(…)`: those of X, and the placed values added where they fall. */
const fuseSum: Fusion = (node, { emit, nameOf }) => {
  const [x] = node.inputs;
  const split = node.operation.attributes?.axes?.toString() === "0" ? splitPlaces(x) : undefined;
  if (split === undefined || x.node.inputs[0] !== split.dense) return undefined;
  const [rows, columns] = x.shape;
  const one = emit.constant("float32", [], Float32Array.of(1));
  const [ones] = emit.node("Expand", [one, emit.dimensions([1, rows])]);
  let [sums] = emit.node("Reshape", [emit.node("Gemm", [ones, nameOf(split.dense)])[0], emit.dimensions([columns])]);
  for (const place of split.places) {
    const [indices] = emit.node("Cast", [nameOf(place.columns)], { to: 7 });
    const [column] = emit.node("Reshape", [indices, emit.dimensions([rows, 1])]);
    [sums] = emit.node("ScatterND", [sums, column, nameOf(place.values)], { reduction: "add" });
  }
  return emit.node("Reshape", [sums, emit.dimensions([1, columns])]);
};

const FUSIONS: Readonly<Record<string, Fusion>> = {
  MatMul: fuseMatMul,
  Mul: fuseMultiply,
  Add: fuseAdd,
  ReduceSum: fuseSum,
};

function isFree(x: Tensor, operation: string, { uses }: Context): boolean {
  return x.node.operation.name === operation && uses(x) === 1;
}

function product(node: Node, context: Context, alpha: number): readonly string[] {
  if (node.outputs[0].rank === 2) return gemm(node, context, alpha);
  const { names, transA, transB } = factors(node, context);
  if (transA + transB === 0 && alpha === 1) return context.emit.node("MatMul", names);
  const attributes = { transA, transB, alpha: { float: alpha } };
  return context.emit.node("FusedMatMul", names, attributes, 1, "com.microsoft");
}

function gemm(node: Node, context: Context, alpha: number, bias?: string): readonly string[] {
  const { names, transA, transB } = factors(node, context);
  const attributes = { transA, transB, ...(alpha === 1 ? {} : { alpha: { float: alpha } }) };
  return context.emit.node("Gemm", bias === undefined ? names : [...names, bias], attributes);
}

function factors({ inputs: [a, b] }: Node, { nameOf }: Context) {
  const [transA, transB] = [isMatrixTranspose(a), isMatrixTranspose(b)];
  const names = [nameOf(transA ? a.node.inputs[0] : a), nameOf(transB ? b.node.inputs[0] : b)];
  return { names, transA: Number(transA), transB: Number(transB) };
}
