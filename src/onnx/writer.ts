import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, type TensorProtoSchema } from "onnx-buf";
import type { Shape } from "../graph/dimension.ts";
import type { ArrayOf, Attributes, DType, Emitter, TensorType } from "../graph/tensor.ts";
import {
  type Body,
  DATA_TYPE,
  domainsOf,
  type NamedType,
  NodeList,
  nodeProto,
  type OnnxNode,
  pruned,
  renamed,
  valueInfo,
} from "./nodes.ts";

type OnnxTensor = MessageInitShape<typeof TensorProtoSchema> & { name: string };

const OPSET = 20n;
const IR_VERSION = 9n;

/** Where nodes are written that may hold graphs of their own. */
export interface GraphWriter extends Emitter {
  /** A name that no other value has. */
  newName(): string;
  /** A graph inside this one; its nodes read what is outside by name. */
  inner(): BodyWriter;
  /** Adds a node that runs a graph. */
  loop(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes,
    body: Body,
    outputs: number,
  ): readonly string[];
}

/** Collects ONNX nodes, constants, inputs and outputs, and writes the model. */
export class OnnxWriter implements GraphWriter {
  readonly #list = new NodeList();
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #constants = new Map<string, string>();
  readonly #inputs = new Map<string, TensorType>();
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

  newName(): string {
    return `v${this.#values++}`;
  }

  node(opType: string, input: readonly string[], attributes: Attributes = {}, outputs = 1, domain = "") {
    return this.#list.add({ opType, input, attributes, domain }, () => newNames(this, outputs));
  }

  inner(): BodyWriter {
    return new BodyWriter(this);
  }

  loop(opType: string, input: readonly string[], attributes: Attributes, body: Body, outputs: number) {
    return this.#list.add({ opType, input, attributes, body, domain: "" }, () => newNames(this, outputs));
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
   * @param metadata what the model says of itself
   * @returns bytes of an ONNX `ModelProto`, and the names of the inputs that remained
   */
  finish(
    outputs: ReadonlyMap<string, { value: string; type: TensorType }>,
    metadata: Readonly<Record<string, string>> = {},
  ): { bytes: Uint8Array; inputs: string[] } {
    const { kept, live } = pruned(this.#named(outputs), outputs.keys());
    const inputs = [...this.#inputs].filter(([name]) => live.has(name));
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: "jumok",
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      opsetImport: [...domainsOf(kept).add("")].map((domain) => ({ domain, version: domain === "" ? OPSET : 1n })),
      graph: {
        name: "jumok",
        node: kept.map(nodeProto),
        initializer: [...this.#initializers.values()].filter(({ name }) => live.has(name)),
        input: inputs.map(valueInfo),
        output: [...outputs].map(([name, { type }]) => valueInfo([name, type])),
      },
    });
    return { bytes: toBinary(ModelProtoSchema, model), inputs: inputs.map(([name]) => name) };
  }

  /** The nodes with outputs under their own names; a value that is several outputs, or no node's, is copied. */
  #named(outputs: ReadonlyMap<string, { value: string }>): OnnxNode[] {
    const computed = new Set(this.#list.nodes.flatMap((node) => node.output));
    const names = new Map<string, string>();
    const copies: OnnxNode[] = [];
    for (const [name, { value }] of outputs) {
      if (computed.has(value) && !names.has(value)) names.set(value, name);
      else {
        const copy = { opType: "Identity", domain: "", input: [value], output: [name], attributes: {} };
        copies.push({ ...copy, name: `Identity.${name}` });
      }
    }
    return renamed([...this.#list.nodes, ...copies], (name) => names.get(name) ?? name);
  }
}

/** Collects the nodes of a graph inside a node. What does not depend on its inputs is computed outside, once. */
export class BodyWriter implements GraphWriter {
  readonly #outer: GraphWriter;
  readonly #list = new NodeList();
  readonly #inputs: NamedType[] = [];
  readonly #own = new Set<string>();

  constructor(outer: GraphWriter) {
    this.#outer = outer;
  }

  /** Declares an input and returns its name. */
  input({ dtype, shape }: TensorType): string {
    const name = this.newName();
    this.#inputs.push([name, { dtype, shape }]);
    this.#own.add(name);
    return name;
  }

  newName(): string {
    return this.#outer.newName();
  }

  node(opType: string, input: readonly string[], attributes: Attributes = {}, outputs = 1, domain = "") {
    if (!input.some((name) => this.#own.has(name))) {
      return this.#outer.node(opType, input, attributes, outputs, domain);
    }
    return this.#owned(this.#list.add({ opType, input, attributes, domain }, () => newNames(this, outputs)));
  }

  constant<T extends DType>(dtype: T, shape: readonly number[], data: ArrayOf[T]): string {
    return this.#outer.constant(dtype, shape, data);
  }

  dimensions(shape: Shape): string {
    return this.#outer.dimensions(shape);
  }

  inner(): BodyWriter {
    return new BodyWriter(this);
  }

  loop(opType: string, input: readonly string[], attributes: Attributes, body: Body, outputs: number) {
    if (![...input, ...body.reads].some((name) => this.#own.has(name))) {
      return this.#outer.loop(opType, input, attributes, body, outputs);
    }
    return this.#owned(this.#list.add({ opType, input, attributes, body, domain: "" }, () => newNames(this, outputs)));
  }

  /** The graph that gives these values. */
  finish(outputs: readonly NamedType[]): Body {
    const computed = new Set(this.#list.nodes.flatMap((node) => node.output));
    const copies: OnnxNode[] = [];
    const named = outputs.map(([value, type], i): NamedType => {
      const again = outputs.findIndex(([other]) => other === value) < i;
      if (computed.has(value) && !again) return [value, type];
      const name = this.newName();
      const copy = { opType: "Identity", domain: "", input: [value], output: [name], attributes: {} };
      copies.push({ ...copy, name: `Identity.${name}` });
      return [name, type];
    });
    const { kept, live } = pruned(
      [...this.#list.nodes, ...copies],
      named.map(([name]) => name),
    );
    const made = new Set([...this.#own, ...copies.flatMap(({ output }) => output)]);
    return { nodes: kept, inputs: this.#inputs, outputs: named, reads: [...live].filter((name) => !made.has(name)) };
  }

  #owned(names: readonly string[]): readonly string[] {
    for (const name of names) this.#own.add(name);
    return names;
  }
}

function newNames(writer: GraphWriter, count: number): string[] {
  return Array.from({ length: count }, () => writer.newName());
}
