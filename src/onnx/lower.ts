import { sameShape } from "../graph/dimension.ts";
import { Dropout } from "../graph/dropout.ts";
import { loopOf } from "../graph/scan.ts";
import { type MaskSource, sourceOf } from "../graph/source.ts";
import type { Node, Tensor, TensorType } from "../graph/tensor.ts";
import { type Context, fuse } from "./fusion.ts";
import { countUses, topologicalOrder } from "./order.ts";
import { writeScan } from "./scan.ts";
import { OnnxWriter } from "./writer.ts";

/** How a graph becomes an ONNX model. */
export interface LowerOptions {
  /** The names of the parameters that the graph may reach. */
  parameters?: ReadonlyMap<Tensor, string>;
  /** Values to store in the model; without them parameters are inputs. */
  values?: (name: string) => Float32Array;
  /** Whether dropout acts; its masks are then inputs. Default: false. */
  dropout?: boolean;
  /** What the model says of itself, for those who open the file. */
  metadata?: Readonly<Record<string, string>>;
}

/** An input of a lowered graph. */
export interface LoweredInput extends TensorType {
  readonly name: string;
  /** Where the value comes from: given by the caller, a parameter, or a dropout mask with its rate. */
  readonly kind: "input" | "parameter" | "mask";
  readonly rate?: number;
}

/** An ONNX model and what it reads and writes. */
export interface Lowered {
  readonly bytes: Uint8Array;
  readonly inputs: readonly LoweredInput[];
  readonly outputs: readonly (TensorType & { readonly name: string })[];
}

/**
 * Writes a graph as an ONNX model. Only what the outputs need is written.
 *
 * @param outputs the tensors wanted, by name
 * @throws when the graph reaches a parameter that has no name, or a dimension that no input has
 */
export function lower(outputs: Readonly<Record<string, Tensor>>, options: LowerOptions = {}): Lowered {
  const writer = new OnnxWriter();
  const wanted = Object.values(outputs);
  const order = topologicalOrder(wanted);
  const uses = countUses(order, wanted);
  const inputs = new Map<string, LoweredInput>();
  const names = new Map<Tensor, string>();
  const nameOf = (tensor: Tensor): string => names.get(tensor)!;

  // Sources first: their axes tell the lengths of named dimensions.
  for (const node of order) {
    const input = inputOf(node, inputs.size, options);
    if (input === undefined) continue;
    const [tensor] = node.outputs;
    if (input.kind === "parameter" && options.values !== undefined) {
      const shape = input.shape as readonly number[];
      names.set(tensor, writer.initializer(input.name, "float32", shape, options.values(input.name)));
      continue;
    }
    if (inputs.has(input.name)) throw new Error(`onnx: two inputs are named ${input.name}`);
    inputs.set(input.name, input);
    names.set(tensor, writer.input(input.name, input));
  }

  const context: Context = { emit: writer, nameOf, uses: (tensor) => uses.get(tensor) ?? 0 };
  writeNodes(order, names, context, options);

  const { bytes, inputs: used } = writer.finish(
    new Map(Object.entries(outputs).map(([name, type]) => [name, { value: nameOf(type), type }])),
    options.metadata,
  );
  return {
    bytes,
    inputs: used.map((name) => inputs.get(name)!),
    outputs: Object.entries(outputs).map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
  };
}

/** Writes nodes, and notes what their outputs are called. */
function writeNodes(order: readonly Node[], names: Map<Tensor, string>, context: Context, options: LowerOptions): void {
  const inside = (inner: readonly Node[], given: Map<Tensor, string>, within: Context) =>
    writeNodes(inner, given, within, options);
  for (const node of order) {
    if (names.has(node.outputs[0])) continue;
    const loop = loopOf(node.operation);
    const written =
      loop !== undefined ? writeScan(node, loop, context, inside) : write(node, context, options.dropout === true);
    node.outputs.forEach((output, index) => {
      const name = written[index];
      if (name !== undefined) names.set(output, name);
    });
  }
}

function write(node: Node, context: Context, dropout: boolean): readonly string[] {
  if (!dropout && node.operation === Dropout) return [context.nameOf(node.inputs[0])];
  const fused = fuse(node, context);
  if (fused !== undefined) return fused;
  const { operation } = node;
  const inputs = (operation.broadcasts === true ? unexpanded(node) : node.inputs).map(context.nameOf);
  return (
    operation.lower?.(context.emit, inputs, node) ?? context.emit.node(operation.name, inputs, operation.attributes)
  );
}

/** The inputs of an operator that broadcasts by itself: an expanded one is read as it was before. */
function unexpanded(node: Node): readonly Tensor[] {
  const full = node.inputs.find(
    (input) => input.node.operation.name !== "Expand" && sameShape(input.shape, node.outputs[0].shape),
  );
  if (full === undefined) return node.inputs;
  return node.inputs.map((input) => (input.node.operation.name === "Expand" ? input.node.inputs[0] : input));
}

function inputOf(node: Node, index: number, options: LowerOptions): LoweredInput | undefined {
  const [tensor] = node.outputs;
  const { dtype, shape } = tensor;
  const source = sourceOf(tensor);
  switch (source?.source) {
    case "input":
      return { name: source.inputName, kind: "input", dtype, shape };
    case "parameter": {
      const name = options.parameters?.get(tensor);
      if (name === undefined) throw new Error(`onnx: the graph reaches a parameter ${tensor} that no module names`);
      return { name, kind: "parameter", dtype, shape };
    }
    case "mask": {
      // Where dropout is off nothing reads its masks.
      if (options.dropout !== true) return undefined;
      return { name: `mask.${index}`, kind: "mask", dtype, shape, rate: (source as MaskSource).rate };
    }
    default:
      return undefined;
  }
}
