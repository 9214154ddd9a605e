import { isMatrixTranspose } from "../graph/product.ts";
import { placeInto } from "../graph/gather.ts";
import { sameShape } from "../graph/dimension.ts";
import { scalarValue } from "../graph/source.ts";
import type { Emitter, Node, Tensor } from "../graph/tensor.ts";

/** What a fusion sees: the node, names of values, and how often a tensor is used. */
export interface FusionContext {
  emit: Emitter;
  nameOf: (tensor: Tensor) => string;
  uses: (tensor: Tensor) => number;
}

type Fusion = (node: Node, context: FusionContext) => readonly string[] | undefined;

/** ONNX for a node that takes over work of the nodes it reads; `undefined` where no fusion fits. */
export function fuse(node: Node, context: FusionContext): readonly string[] | undefined {
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

/** `A B + bias` is one `Gemm`; `x + place(…)` adds into `x`. */
const fuseAdd: Fusion = (node, context) => {
  for (const [a, b] of [node.inputs, [...node.inputs].reverse()]) {
    if (isFree(a, "MatMul", context) && a.rank === 2 && b.rank === 1 && b.shape[0] === a.shape[1]) {
      return gemm(a.node, context, 1, context.nameOf(b));
    }
    if (isFree(b, "Place", context) && sameShape(a.shape, b.shape)) {
      const [indices, values] = b.node.inputs;
      return placeInto(context.emit, context.nameOf(a), context.nameOf(indices), context.nameOf(values), b.shape);
    }
  }
  return undefined;
};

const FUSIONS: Readonly<Record<string, Fusion>> = { MatMul: fuseMatMul, Mul: fuseMultiply, Add: fuseAdd };

function isFree(x: Tensor, operation: string, { uses }: FusionContext): boolean {
  return x.node.operation.name === operation && uses(x) === 1;
}

function product(node: Node, context: FusionContext, alpha: number): readonly string[] {
  if (node.outputs[0].rank === 2) return gemm(node, context, alpha);
  const { names, transA, transB } = factors(node, context);
  if (transA + transB === 0 && alpha === 1) return context.emit.node("MatMul", names);
  const attributes = { transA, transB, alpha: { float: alpha } };
  return context.emit.node("FusedMatMul", names, attributes, 1, "com.microsoft");
}

function gemm(node: Node, context: FusionContext, alpha: number, bias?: string): readonly string[] {
  const { names, transA, transB } = factors(node, context);
  const attributes = { transA, transB, ...(alpha === 1 ? {} : { alpha: { float: alpha } }) };
  return context.emit.node("Gemm", bias === undefined ? names : [...names, bias], attributes);
}

function factors({ inputs: [a, b] }: Node, { nameOf }: FusionContext) {
  const [transA, transB] = [isMatrixTranspose(a), isMatrixTranspose(b)];
  const names = [nameOf(transA ? a.node.inputs[0] : a), nameOf(transB ? b.node.inputs[0] : b)];
  return { names, transA: Number(transA), transB: Number(transB) };
}
