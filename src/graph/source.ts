import { productOf, type Shape } from "./dimension.ts";
import { type ArrayOf, apply, type DType, describe, type Operation, type Tensor, type TensorType } from "./tensor.ts";

/** A value given at every run, by name. */
export interface InputSource extends Operation<[]> {
  readonly source: "input";
  readonly inputName: string;
}

/** A learned value. What it is called is decided by the module tree it stands in. */
export interface ParameterSource extends Operation<[]> {
  readonly source: "parameter";
}

/** A value known while the graph is built. */
export interface ConstantSource extends Operation<[]> {
  readonly source: "constant";
  readonly data: ArrayOf[DType];
}

/** A mask of dropout: 0 with probability `rate`, else `1 / (1 − rate)`; drawn anew at every training run. */
export interface MaskSource extends Operation<[]> {
  readonly source: "mask";
  readonly rate: number;
}

/** What a step of a scan receives: it has a value inside the step only. */
interface BoundSource extends Operation<[]> {
  readonly source: "bound";
}

export type Source = InputSource | ParameterSource | ConstantSource | MaskSource | BoundSource;

/** The source operation of a tensor, or `undefined` where the tensor is computed. */
export function sourceOf(tensor: Tensor): Source | undefined {
  const operation = tensor.node.operation as Partial<Source>;
  return operation.source === undefined ? undefined : (operation as Source);
}

/** A value given at every run under this name. */
export function input(name: string, dtype: DType, shape: Shape): Tensor {
  const operation: InputSource = {
    name: "Input",
    source: "input",
    inputName: name,
    infer: () => ({ dtype, shape }),
    gradient: () => [],
  };
  return apply(operation);
}

/** A learned float32 value. */
export function parameter(shape: readonly number[]): Tensor {
  const operation: ParameterSource = {
    name: "Parameter",
    source: "parameter",
    infer: () => ({ dtype: "float32", shape }),
    gradient: () => [],
  };
  return apply(operation);
}

/** A value that never changes. Throws where data and shape disagree. */
export function constant<T extends DType>(dtype: T, shape: readonly number[], data: ArrayOf[T]): Tensor {
  if (data.length !== productOf(shape)) {
    throw new Error(`constant: ${data.length} values given for ${dtype}[${shape.join(", ")}]`);
  }
  const operation: ConstantSource = {
    name: "Constant",
    source: "constant",
    data,
    infer: () => ({ dtype, shape }),
    gradient: () => [],
    lower: (emit) => [emit.constant(dtype, shape, data)],
  };
  return apply(operation);
}

/** A float32 number. */
export function scalar(value: number): Tensor {
  return constant("float32", [], Float32Array.of(value));
}

/** A mask of dropout, see {@link MaskSource}. Each call is a mask of its own. */
export function randomMask(shape: Shape, rate: number): Tensor {
  const operation: MaskSource = {
    name: "RandomMask",
    source: "mask",
    rate,
    infer: () => ({ dtype: "float32", shape }),
    gradient: () => [],
  };
  return apply(operation);
}

/** A value that a step of a scan receives. */
export function bound(type: TensorType): Tensor {
  const operation: BoundSource = {
    name: "Bound",
    source: "bound",
    infer: () => type,
    gradient: () => [],
    lower: () => {
      throw new Error(`scan: a tensor of a step, made from ${describe(type)}, is used outside of the step`);
    },
  };
  return apply(operation);
}

/** The number a scalar constant holds, or `undefined` for any other tensor. */
export function scalarValue(tensor: Tensor): number | undefined {
  const source = sourceOf(tensor);
  return source?.source === "constant" && tensor.rank === 0 ? Number(source.data[0]) : undefined;
}
