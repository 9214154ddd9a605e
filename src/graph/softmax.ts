import { expand, reshape, sum } from "./broadcast.ts";
import { multiply, subtract } from "./elementwise.ts";
import { apply, type Emitter, type Node, type Operation, requireType, shapeError, type Tensor } from "./tensor.ts";

/** `exp(x) / Σ exp(x)` over the last axis. */
export function softmax(x: Tensor): Tensor {
  return apply(Softmax, x);
}

const Softmax: Operation<[x: Tensor]> = {
  name: "Softmax",
  attributes: { axis: -1 },
  infer: ([x]) => {
    requireType("softmax", "float32", { x });
    if (x.rank === 0) throw shapeError("softmax", "wants at least one axis", { x });
    return x;
  },
  // dx = p ∘ (dp − Σ dp∘p)
  gradient: (_, dp, p) => [multiply(p, subtract(dp, sum(multiply(dp, p), [-1], { keepDims: true })))],
};

/** The largest element of the last axis. Not differentiable. */
export function max(x: Tensor): Tensor {
  return apply(Max, x);
}

const Max: Operation<[x: Tensor]> = {
  name: "ReduceMax",
  infer: ([x]) => ({ dtype: x.dtype, shape: x.shape.slice(0, -1) }),
  gradient: null,
  lower: (emit, [x], node) => emit.node("ReduceMax", [x, lastAxis(emit, node)], { keepdims: 0 }),
};

/** The position of the largest element of the last axis, int32; the first of equals. Not differentiable. */
export function argMax(x: Tensor): Tensor {
  return apply(ArgMax, x);
}

const ArgMax: Operation<[x: Tensor]> = {
  name: "ArgMax",
  infer: ([x]) => ({ dtype: "int32", shape: x.shape.slice(0, -1) }),
  gradient: null,
  lower: (emit, [x]) => {
    const [wide] = emit.node("ArgMax", [x], { axis: -1, keepdims: 0 });
    return emit.node("Cast", [wide], { to: 6 });
  },
};

/**
 * `log Σ exp(x)` over the last axis, safe for any finite `x`.
 *
 * Written with the softmax p that its gradient needs anyway: the largest probability is `exp(max x − result)` and at
 * least one over the number of columns, so `max x − log max p` never underflows.
 */
export function logSumExp(x: Tensor): Tensor {
  return apply(LogSumExp, x, softmax(x));
}

const LogSumExp: Operation<[x: Tensor, p: Tensor]> = {
  name: "LogSumExp",
  infer: ([x]) => ({ dtype: x.dtype, shape: x.shape.slice(0, -1) }),
  gradient: ([x, p], dY) => [multiply(p, expand(keepLast(dY), x.shape)), undefined],
  lower: (emit, [x, p], node) => {
    const last = lastAxis(emit, node);
    const [largest] = emit.node("ReduceMax", [x, last], { keepdims: 0 });
    const [likeliest] = emit.node("ReduceMax", [p, last], { keepdims: 0 });
    return emit.node("Sub", [largest, emit.node("Log", [likeliest])[0]]);
  },
};

/** `log softmax(x)` over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  return subtract(x, expand(keepLast(logSumExp(x)), x.shape));
}

function lastAxis(emit: Emitter, { inputs: [x] }: Node): string {
  return emit.constant("int64", [1], BigInt64Array.of(BigInt(x.rank - 1)));
}

function keepLast(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1]);
}
