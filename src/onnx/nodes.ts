import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type NodeProtoSchema,
  type ValueInfoProtoSchema,
} from "onnx-buf";
import { type Attributes, type DType, describe, type TensorType } from "../graph/tensor.ts";

/** A value and its type. */
export type NamedType = readonly [name: string, type: TensorType];

/** A graph inside a node, such as the step of a `Scan`. */
export interface Body {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly NamedType[];
  readonly outputs: readonly NamedType[];
  /** Values from outside that it reads. */
  readonly reads: readonly string[];
}

/** A node as it is collected. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes: Attributes;
  readonly body?: Body;
}

export const DATA_TYPE: Record<DType, DataType> = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** Nodes in the order they were added. */
export class NodeList {
  readonly #nodes: OnnxNode[] = [];
  readonly #same = new Map<string, readonly string[]>();

  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  /** Adds a node, unless there is the same operator on the same values: it is computed once. */
  add(node: Omit<OnnxNode, "name" | "output">, newNames: () => string[]): readonly string[] {
    const { domain, opType, input, attributes, body } = node;
    const key = JSON.stringify([domain, opType, input, attributes]);
    const known = body === undefined ? this.#same.get(key) : undefined;
    if (known !== undefined) return known;
    const output = newNames();
    this.#nodes.push({ ...node, output, name: `${opType}.${output[0]}` });
    this.#same.set(key, output);
    return output;
  }
}

/** The nodes that some values need, and all values that are read. */
export function pruned(nodes: readonly OnnxNode[], wanted: Iterable<string>): { kept: OnnxNode[]; live: Set<string> } {
  const live = new Set(wanted);
  const kept = [...nodes].reverse().filter((node) => {
    if (!node.output.some((name) => live.has(name))) return false;
    for (const name of [...node.input, ...(node.body?.reads ?? [])]) live.add(name);
    return true;
  });
  return { kept: kept.reverse(), live };
}

/** Nodes whose values are called otherwise. */
export function renamed(nodes: readonly OnnxNode[], rename: (name: string) => string): OnnxNode[] {
  return nodes.map((node) => ({
    ...node,
    input: node.input.map(rename),
    output: node.output.map(rename),
    ...(node.body && {
      body: { ...node.body, nodes: renamed(node.body.nodes, rename), reads: node.body.reads.map(rename) },
    }),
  }));
}

/** Domains of operators in these nodes, and inside them. */
export function domainsOf(nodes: readonly OnnxNode[]): Set<string> {
  return new Set(nodes.flatMap(({ domain, body }) => [domain, ...(body ? domainsOf(body.nodes) : [])]));
}

/** A node as ONNX has it. */
export function nodeProto(node: OnnxNode): MessageInitShape<typeof NodeProtoSchema> {
  const { name, opType, domain, input, output, attributes, body } = node;
  const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
  if (body !== undefined) {
    const graph = {
      name: `${name}.body`,
      node: body.nodes.map(nodeProto),
      input: body.inputs.map(valueInfo),
      output: body.outputs.map(valueInfo),
    };
    attribute.push({ name: "body", type: AttributeType.GRAPH, g: graph });
  }
  return { name, opType, domain, input: [...input], output: [...output], attribute };
}

/** A value and its type as ONNX has it. */
export function valueInfo([name, type]: NamedType): MessageInitShape<typeof ValueInfoProtoSchema> {
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

function attributeProto(name: string, value: Attributes[string]): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === "string") {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (typeof value === "number") return { name, type: AttributeType.INT, i: BigInt(value) };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) };
}
