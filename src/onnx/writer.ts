import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "onnx-buf";
import type { Shape } from "../graph/dimension.ts";
import { type ArrayOf, type Attributes, type DType, describe, type Emitter, type TensorType } from "../graph/tensor.ts";

type OnnxNode = MessageInitShape<typeof NodeProtoSchema> & { input: string[]; output: string[] };
type OnnxTensor = MessageInitShape<typeof TensorProtoSchema> & { name: string };

const OPSET = 20n;
const IR_VERSION = 9n;

const DATA_TYPE: Record<DType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** Collects ONNX nodes, constants, inputs and outputs, and writes the model. */
export class OnnxWriter implements Emitter {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #constants = new Map<string, string>();
  readonly #inputs = new Map<string, TensorType>();
  readonly #same = new Map<string, string[]>();
  readonly #axes = new Map<string, { value: string; axis: number }>();
  #values = 0;

  /** Declares an input and returns its name. Its named axes tell the lengths of these dimensions from then on. */
  input(name: string, type: TensorType): string {
    this.#inputs.set(name, type);
    type.shape.forEach((length, axis) => {
      if (typeof length === "string" && /^\w+$/.test(length) && !this.#axes.has(length)) {
        this.#axes.set(length, { value: name, axis });
      }
    });
    return name;
  }

  /** Stores a named value, such as a trained parameter, in the model. */
  initializer<T extends DType>(name: string, dtype: T, shape: readonly number[], data: ArrayOf[T]): string {
    const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    this.#initializers.set(name, { name, dataType: DATA_TYPE[dtype], dims: shape.map(BigInt), rawData });
    return name;
  }

  constant<T extends DType>(dtype: T, shape: readonly number[], data: ArrayOf[T]): string {
    const known = data.length <= 16 ? `${dtype}[${shape.join()}] ${data.join()}` : `unique ${this.#constants.size}`;
    const name = this.#constants.get(known) ?? this.initializer(`constant.${this.#constants.size}`, dtype, shape, data);
    this.#constants.set(known, name);
    return name;
  }

  node(opType: string, input: readonly string[], attributes: Attributes = {}, outputs = 1, domain = ""): string[] {
    // The same operator on the same values is computed once.
    const key = JSON.stringify([domain, opType, input, attributes, outputs]);
    const known = this.#same.get(key);
    if (known !== undefined) return known;
    const output = Array.from({ length: outputs }, () => `v${this.#values++}`);
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.#nodes.push({ name: `${opType}.${this.#nodes.length}`, opType, domain, input: [...input], output, attribute });
    this.#same.set(key, output);
    return output;
  }

  dimensions(shape: Shape): string {
    if (shape.every((length) => typeof length === "number")) {
      return this.constant("int64", [shape.length], BigInt64Array.from(shape, BigInt));
    }
    const parts = shape.map((length) =>
      typeof length === "number" ? this.dimensions([length]) : this.#dimension(length),
    );
    return parts.length === 1 ? parts[0] : this.node("Concat", parts, { axis: 0 })[0];
  }

  /** One named dimension as int64 `[1]`: a sum of products of the lengths of input axes. */
  #dimension(dimension: string): string {
    const terms = dimension.split(/(?=[+-])/).map((term) => {
      const factors = term.replace(/^[+-]/, "").split("*");
      const sign = term.startsWith("-") ? ["-1"] : [];
      return [...sign, ...factors]
        .map((factor) => (/^-?\d+$/.test(factor) ? this.dimensions([Number(factor)]) : this.#length(factor)))
        .reduce((a, b) => this.node("Mul", [a, b])[0]);
    });
    return terms.reduce((a, b) => this.node("Add", [a, b])[0]);
  }

  #length(name: string): string {
    const known = this.#axes.get(name);
    if (known === undefined) throw new Error(`onnx: no input has an axis named ${name}, so its length is unknown`);
    return this.node("Shape", [known.value], { start: known.axis, end: known.axis + 1 })[0];
  }

  /**
   * The finished model, without nodes, constants and inputs that no output needs.
   *
   * @param outputs for each output name the value and its type
   * @returns bytes of an ONNX `ModelProto`, and the names of the inputs that remained
   */
  finish(outputs: ReadonlyMap<string, { value: string; type: TensorType }>): { bytes: Uint8Array; inputs: string[] } {
    const nodes = this.#named(outputs);
    const live = new Set(outputs.keys());
    const kept = nodes
      .reverse()
      .filter((node) => {
        if (!node.output.some((name) => live.has(name))) return false;
        for (const name of node.input) live.add(name);
        return true;
      })
      .reverse();
    const inputs = [...this.#inputs.keys()].filter((name) => live.has(name));
    const domains = new Set(kept.map((node) => node.domain ?? ""));
    domains.add("");
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: "jumok",
      opsetImport: [...domains].map((domain) => ({ domain, version: domain === "" ? OPSET : 1n })),
      graph: {
        name: "jumok",
        node: kept,
        initializer: [...this.#initializers.values()].filter(({ name }) => live.has(name)),
        input: inputs.map((name) => valueInfo(name, this.#inputs.get(name)!)),
        output: [...outputs].map(([name, { type }]) => valueInfo(name, type)),
      },
    });
    return { bytes: toBinary(ModelProtoSchema, model), inputs };
  }

  /** The nodes with outputs under their own names; a value that is several outputs, or no node's, is copied. */
  #named(outputs: ReadonlyMap<string, { value: string }>): OnnxNode[] {
    const computed = new Set(this.#nodes.flatMap((node) => node.output));
    const names = new Map<string, string>();
    const copies: OnnxNode[] = [];
    for (const [name, { value }] of outputs) {
      if (computed.has(value) && !names.has(value)) names.set(value, name);
      else copies.push({ name: `Identity.${name}`, opType: "Identity", domain: "", input: [value], output: [name] });
    }
    const rename = (name: string) => names.get(name) ?? name;
    return [...this.#nodes, ...copies].map((node) => ({
      ...node,
      input: node.input.map(rename),
      output: node.output.map(rename),
    }));
  }
}

function attributeProto(name: string, value: Attributes[string]): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === "string") {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (typeof value === "number") return { name, type: AttributeType.INT, i: BigInt(value) };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) };
}

function valueInfo(name: string, type: TensorType): MessageInitShape<typeof ValueInfoProtoSchema> {
  if (DATA_TYPE[type.dtype] === undefined)
    throw new Error(`onnx: ${name} is ${describe(type)}, which has no ONNX type`);
  const dim = type.shape.map((length) => ({
    value:
      typeof length === "number"
        ? { case: "dimValue" as const, value: BigInt(length) }
        : { case: "dimParam" as const, value: length },
  }));
  const tensorType = { elemType: DATA_TYPE[type.dtype], shape: { dim } };
  return { name, type: { value: { case: "tensorType", value: tensorType } } };
}
