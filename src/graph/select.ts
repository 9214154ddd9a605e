import { broadcastShape, sumTo } from "./broadcast.ts";
import { scalar } from "./source.ts";
import { apply, type DType, type Operation, requireType, shapeError, type Tensor } from "./tensor.ts";

/** `a < b`, broadcasting; both of one type. */
export function less(a: Tensor, b: Tensor): Tensor {
  return apply(Less, a, b);
}

/** `a ≤ b`, broadcasting; both of one type. */
export function lessOrEqual(a: Tensor, b: Tensor): Tensor {
  return apply(LessOrEqual, a, b);
}

/** `a = b`, broadcasting; both of one type. */
export function equal(a: Tensor, b: Tensor): Tensor {
  return apply(Equal, a, b);
}

/** Both true, broadcasting. */
export function and(a: Tensor, b: Tensor): Tensor {
  return apply(And, a, b);
}

/** `a` where the condition is true, else `b`; all broadcast. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return apply(Where, condition, a, b);
}

/** The elements as another type; float to int drops the fraction, bool becomes 0 or 1. */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply(Cast(dtype), x);
}

function comparison(name: string, word: string): Operation<[a: Tensor, b: Tensor]> {
  return {
    name,
    broadcasts: true,
    infer: ([a, b]) => {
      if (a.dtype !== b.dtype) throw shapeError(word, "types differ", { a, b });
      return { dtype: "bool", shape: broadcastShape(word, { a, b }) };
    },
    gradient: null,
  };
}

const Less = comparison("Less", "less");
const LessOrEqual = comparison("LessOrEqual", "lessOrEqual");
const Equal = comparison("Equal", "equal");
const And: Operation<[a: Tensor, b: Tensor]> = {
  ...comparison("And", "and"),
  infer: ([a, b]) => {
    requireType("and", "bool", { a, b });
    return { dtype: "bool", shape: broadcastShape("and", { a, b }) };
  },
};

const Where: Operation<[condition: Tensor, a: Tensor, b: Tensor]> = {
  name: "Where",
  broadcasts: true,
  infer: ([condition, a, b]) => {
    requireType("where", "bool", { condition });
    if (a.dtype !== b.dtype) throw shapeError("where", "types differ", { a, b });
    return { dtype: a.dtype, shape: broadcastShape("where", { condition, a, b }) };
  },
  gradient: ([condition, a, b], dC) => [
    undefined,
    sumTo(where(condition, dC, scalar(0)), a.shape),
    sumTo(where(condition, scalar(0), dC), b.shape),
  ],
};

/** ONNX TensorProto.DataType */
const ONNX_TYPE: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

const Cast = (dtype: DType): Operation<[x: Tensor]> => ({
  name: "Cast",
  attributes: { to: ONNX_TYPE[dtype] },
  infer: ([x]) => ({ dtype, shape: x.shape }),
  gradient: null,
});
