import { broadcastShape, isFilledWith, sumTo } from "./broadcast.ts";
import { sameShape } from "./dimension.ts";
import { scalar } from "./source.ts";
import { apply, type Operation, requireType, type Tensor } from "./tensor.ts";

/** `a + b`, broadcasting; both float32 or both int32. */
export function add(a: Tensor, b: Tensor): Tensor {
  return apply(Add, a, b);
}

/** `a − b`, broadcasting; both float32 or both int32. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return apply(Subtract, a, b);
}

/** `a · b` element by element, broadcasting; both float32 or both int32. A factor that is known to be one leaves no node. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape("multiply", { a, b });
  if (isFilledWith(b, 1) && sameShape(a.shape, shape)) return a;
  if (isFilledWith(a, 1) && sameShape(b.shape, shape)) return b;
  return apply(Multiply, a, b);
}

/** `a / b` element by element, broadcasting. */
export function divide(a: Tensor, b: Tensor): Tensor {
  return apply(Divide, a, b);
}

/** `factor · x` for a number. */
export function scale(x: Tensor, factor: number): Tensor {
  return multiply(x, scalar(factor));
}

/** `−x`; float32. */
export function negate(x: Tensor): Tensor {
  return apply(Negate, x);
}

/** `eˣ`; float32. */
export function exp(x: Tensor): Tensor {
  return apply(Exp, x);
}

/** Natural logarithm; float32. */
export function log(x: Tensor): Tensor {
  return apply(Log, x);
}

/** `√x`; float32, NaN below 0. Its slope at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  return apply(Sqrt, x);
}

/** Hyperbolic tangent; float32. */
export function tanh(x: Tensor): Tensor {
  return apply(Tanh, x);
}

/** `1 / (1 + e⁻ˣ)`; float32. */
export function sigmoid(x: Tensor): Tensor {
  return apply(Sigmoid, x);
}

/** `max(x, 0)`; float32. Its slope at 0 is taken as 0. */
export function relu(x: Tensor): Tensor {
  return apply(Relu, x);
}

type Binary = Operation<[a: Tensor, b: Tensor]>;
type Unary = Operation<[x: Tensor]>;

function binary(name: string, word: string, gradient: Binary["gradient"]): Binary {
  return {
    name,
    broadcasts: true,
    infer: ([a, b]) => {
      requireType(word, a.dtype === "int32" ? "int32" : "float32", { a, b });
      return { dtype: a.dtype, shape: broadcastShape(word, { a, b }) };
    },
    gradient,
  };
}

function unary(name: string, word: string, gradient: Unary["gradient"]): Unary {
  return {
    name,
    infer: ([x]) => {
      requireType(word, "float32", { x });
      return { dtype: "float32", shape: x.shape };
    },
    gradient,
  };
}

const Add = binary("Add", "add", ([a, b], dC) => [sumTo(dC, a.shape), sumTo(dC, b.shape)]);

const Subtract = binary("Sub", "subtract", ([a, b], dC) => [sumTo(dC, a.shape), negate(sumTo(dC, b.shape))]);

const Multiply = binary("Mul", "multiply", ([a, b], dC) => [
  sumTo(multiply(dC, b), a.shape),
  sumTo(multiply(dC, a), b.shape),
]);

// C = A/B  ⇒  dA = dC/B,  dB = −dC·C/B
const Divide = binary("Div", "divide", ([a, b], dC, C) => [
  sumTo(divide(dC, b), a.shape),
  negate(sumTo(divide(multiply(dC, C), b), b.shape)),
]);

const Negate = unary("Neg", "negate", (_, dY) => [negate(dY)]);

const Exp = unary("Exp", "exp", (_, dY, y) => [multiply(dY, y)]);

const Log = unary("Log", "log", ([x], dY) => [divide(dY, x)]);

const Sqrt = unary("Sqrt", "sqrt", (_, dY, y) => [divide(scale(dY, 0.5), y)]);

// tanh′ = 1 − tanh²
const Tanh = unary("Tanh", "tanh", (_, dY, y) => [multiply(dY, subtract(scalar(1), multiply(y, y)))]);

// σ′ = σ(1 − σ)
const Sigmoid = unary("Sigmoid", "sigmoid", (_, dY, y) => [multiply(dY, multiply(y, subtract(scalar(1), y)))]);

const Relu = unary("Relu", "relu", ([x], dY) => [apply(WherePositive, x, dY)]);

/** `value` where `x > 0`, else 0. */
const WherePositive: Operation<[x: Tensor, value: Tensor]> = {
  name: "WherePositive",
  infer: ([, value]) => value,
  gradient: ([x], dC) => [undefined, apply(WherePositive, x, dC)],
  lower: (emit, [x, value]) => {
    const zero = emit.constant("float32", [], Float32Array.of(0));
    return emit.node("Where", [emit.node("Greater", [x, zero])[0], value, zero]);
  },
};
