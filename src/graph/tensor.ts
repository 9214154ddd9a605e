import type { Shape } from "./dimension.ts";

/** What one element is. `bool` is stored as one byte, 0 or 1. */
export type DType = "float32" | "int32" | "int64" | "bool";

/** The arrays that hold elements of each type. */
export interface ArrayOf {
  float32: Float32Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

/** Element type and shape: all that is known of a tensor before the graph runs. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A value in the graph: one output of one node. */
export class Tensor implements TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly node: Node;

  constructor(type: TensorType, node: Node) {
    this.dtype = type.dtype;
    this.shape = type.shape;
    this.node = node;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** `float32[batch, time, 256]` */
  toString(): string {
    return describe(this);
  }
}

/** One application of an operation. */
export class Node {
  readonly operation: AnyOperation;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];

  constructor(operation: AnyOperation, inputs: readonly Tensor[], types: readonly TensorType[]) {
    this.operation = operation;
    this.inputs = inputs;
    this.outputs = types.map((type) => new Tensor(type, this));
  }
}

/** The values of ONNX node attributes that operations use. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | { float: number }>>;

/** Where an operation writes its ONNX nodes. Values are named by strings, as in ONNX. */
export interface Emitter {
  /** Adds an ONNX node and returns the names of its outputs. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes?: Attributes,
    outputs?: number,
    domain?: string,
  ): readonly string[];
  /** A constant; equal constants are stored once. */
  constant<T extends DType>(dtype: T, shape: readonly number[], data: ArrayOf[T]): string;
  /** These dimensions as an int64 vector, known only when the graph runs if they are named. */
  dimensions(shape: Shape): string;
}

interface Described {
  /** ONNX operator, unless `lower` says otherwise; also what error messages say. */
  readonly name: string;
  /** ONNX attributes; with name and inputs they tell whether two nodes compute the same. */
  readonly attributes?: Attributes;
  /** ONNX nodes for this operation. Default: one node of `name` with `attributes`. */
  readonly lower?: (emit: Emitter, inputs: readonly string[], node: Node) => readonly string[];
  /** An input expanded to the shape of the other inputs may be given unexpanded: the operator broadcasts by itself. */
  readonly broadcasts?: boolean;
}

type Inputs = readonly Tensor[];
type Gradients = readonly (Tensor | undefined)[];

/**
 * What a node does, with its gradient: one object beside the function that applies it.
 *
 * `gradient` gives one cotangent an input, `undefined` where an input has none; `null` says "not differentiable".
 */
export interface Operation<I extends Inputs = Inputs> extends Described {
  infer(inputs: I): TensorType;
  readonly gradient: ((inputs: I, cotangent: Tensor, output: Tensor) => Gradients) | null;
}

/** An operation with several outputs; a cotangent is `undefined` where nothing depends on that output. */
export interface MultiOperation<I extends Inputs = Inputs> extends Described {
  inferAll(inputs: I): readonly TensorType[];
  readonly gradientAll:
    | ((inputs: I, cotangents: readonly (Tensor | undefined)[], outputs: readonly Tensor[]) => Gradients)
    | null;
}

export type AnyOperation = Operation<never> | MultiOperation<never>;

/** Puts a node into the graph and returns its output. */
export function apply<I extends Inputs>(operation: Operation<I>, ...inputs: I): Tensor {
  return new Node(operation as Operation<never>, inputs, [operation.infer(inputs)]).outputs[0];
}

/** Puts a node with several outputs into the graph. */
export function applyAll<I extends Inputs>(operation: MultiOperation<I>, ...inputs: I): readonly Tensor[] {
  return new Node(operation as MultiOperation<never>, inputs, operation.inferAll(inputs)).outputs;
}

/** `float32[batch, 3]` */
export function describe(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(", ")}]`;
}

/** The error every operation throws: what it is, what is wrong, and what came. */
export function shapeError(operation: string, problem: string, tensors: Readonly<Record<string, TensorType>>): Error {
  const came = Object.entries(tensors).map(([name, type]) => `${name} is ${describe(type)}`);
  return new Error(`${operation}: ${problem}; ${came.join(", ")}`);
}

/** Throws unless every tensor has this element type. */
export function requireType(operation: string, dtype: DType, tensors: Readonly<Record<string, TensorType>>): void {
  for (const type of Object.values(tensors)) {
    if (type.dtype !== dtype) throw shapeError(operation, `wants ${dtype}`, tensors);
  }
}

/** An axis counted from the front; negative axes count from the end. */
export function normalAxis(operation: string, x: Tensor, axis: number): number {
  const normal = axis < 0 ? axis + x.rank : axis;
  if (!Number.isInteger(axis) || normal < 0 || normal >= x.rank) {
    throw shapeError(operation, `there is no axis ${axis}`, { x });
  }
  return normal;
}
