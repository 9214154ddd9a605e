import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  type TensorProto,
} from "onnx-buf";
import { type BlockedWeight, blockedProduct, blockedWeight } from "./blocked-product.ts";
import { halves } from "./half-precision.ts";
import { CONTRIBUTED, floatsOf, initializer, node } from "./proto-parts.ts";

/** How weights are stored: eight bits with a scale a row, or half precision. */
export type Compression = "int8" | "fp16";

/** How many rows products with weights have. */
export type Rows = "few" | "many";

/** Smaller weights, such as biases, stay as they are. */
const SMALLEST = 1024;

/**
 * The largest number of eight bits used. With 127, two products of a byte with it can pass what processors without VNNI
 * add them up in (16 bits), and the same file would give other answers there.
 */
const LARGEST = 63;

/**
 * A model with its larger weights stored smaller.
 *
 * - `fp16`: half the size; computed in float32.
 * - `int8`: a quarter of the size. Weights have a scale for each output channel. Products with them are of integers, each
 *   row of the other factor being quantized as it comes; so what a row gives does not depend on the others. Rows of tables
 *   and weights inside loops are turned back into float32.
 *
 * @param options.rows how many rows the other factor has, with `int8`: products of `few` are written as an operator that
 *   the CPU of ONNX Runtime alone is fast at (see {@link blockedProduct}). Default: `many`
 */
export function compressed(
  bytes: Uint8Array,
  compression: Compression,
  { rows = "many" }: { rows?: Rows } = {},
): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph } = model;
  if (graph === undefined) throw new Error("compress: the file holds no graph");
  const small: TensorProto[] = [];
  const quantized: TensorProto[] = [...CONSTANTS];
  const made: NodeProto[] = [];
  for (const tensor of graph.initializer) {
    if (!isWeight(tensor)) small.push(tensor);
    else if (compression === "fp16") {
      small.push({
        ...tensor,
        name: `${tensor.name}.half`,
        dataType: DataType.FLOAT16,
        rawData: new Uint8Array(halves(floatsOf(tensor)).buffer),
      });
      made.push(node("Cast", [`${tensor.name}.half`], tensor.name, { to: DataType.FLOAT }));
    } else {
      const { values, scales, tensors } = quantizedRows(tensor);
      const blocked = rows === "few" ? blockedWeight(tensor.name, values, scales) : undefined;
      quantized.push(...tensors, ...(blocked?.tensors ?? []));
      made.push(...quantizeUses(graph, tensor.name, blocked));
    }
  }
  graph.node = [...made, ...graph.node];
  const read = new Set(graph.node.flatMap(({ input }) => input));
  graph.initializer = [...small, ...quantized.filter(({ name }) => read.has(name))];
  if (graph.node.some(({ domain }) => domain === CONTRIBUTED)) importDomain(model, CONTRIBUTED);
  return toBinary(ModelProtoSchema, model);
}

const COLUMNS = "compress.columns";
const STEP = "compress.step";
const MIDDLE = "compress.middle";
const CONSTANTS = [
  initializer(COLUMNS, DataType.INT64, [1], BigInt64Array.of(1n)),
  initializer(STEP, DataType.FLOAT, [], Float32Array.of(1 / 127)),
  initializer(MIDDLE, DataType.UINT8, [], Uint8Array.of(128)),
];

function importDomain({ opsetImport }: ModelProto, domain: string): void {
  if (opsetImport.every((known) => known.domain !== domain)) {
    opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: 1n }));
  }
}

/** Weights are matrices with a name of their own; constants have been named by the writer. */
function isWeight({ name, dataType, dims }: TensorProto): boolean {
  const size = dims.reduce((a, b) => a * Number(b), 1);
  return dataType === DataType.FLOAT && dims.length === 2 && size >= SMALLEST && !name.startsWith("constant.");
}

/** A matrix in eight bits, with one scale a row, symmetric around 0. */
function quantizedRows(tensor: TensorProto) {
  const data = floatsOf(tensor);
  const [rows, columns] = tensor.dims.map(Number);
  const values = new Int8Array(data.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let largest = 0;
    for (let i = from; i < from + columns; i++) largest = Math.max(largest, Math.abs(data[i]));
    scales[row] = largest === 0 ? 1 : largest / LARGEST;
    for (let i = from; i < from + columns; i++) values[i] = Math.round(data[i] / scales[row]);
  }
  const tensors = [
    initializer(`${tensor.name}.int8`, DataType.INT8, [rows, columns], values),
    initializer(`${tensor.name}.scale`, DataType.FLOAT, [rows], scales),
  ];
  return { values, scales, tensors };
}

/**
 * Rewrites what reads a weight to read its quantized form.
 *
 * @returns nodes to put before all others
 */
function quantizeUses(graph: GraphProto, name: string, blocked?: BlockedWeight): NodeProto[] {
  const column = `${name}.scale.column`;
  const columnOfScales = () => need(node("Unsqueeze", [`${name}.scale`, COLUMNS], column));
  const before = new Map<string, NodeProto>();
  const need = (made: NodeProto) => before.set(made.output[0], made);
  let whole = false;
  graph.node = graph.node.flatMap((reader) => {
    if (!reader.input.includes(name)) {
      whole ||= readsInside(reader, name);
      return [reader];
    }
    if (reader.opType === "Gather" && reader.input[0] === name && reader.input[1] !== name) {
      columnOfScales();
      return gatheredRows(reader, name, column);
    }
    if (isProductWith(reader, name)) {
      if (blocked !== undefined) return [blockedProduct(reader, blocked)];
      need(node("Transpose", [`${name}.int8`], `${name}.int8.transposed`, { perm: [1, 0] }));
      return integerProduct(reader, name);
    }
    whole = true;
    return [reader];
  });
  if (whole) {
    columnOfScales();
    need(node("Cast", [`${name}.int8`], `${name}.cast`, { to: DataType.FLOAT }));
    need(node("Mul", [`${name}.cast`, column], name));
  }
  return [...before.values()];
}

function gatheredRows(reader: NodeProto, name: string, column: string): NodeProto[] {
  const [, indices] = reader.input;
  const [output] = reader.output;
  return [
    { ...reader, name: `${reader.name}.int8`, input: [`${name}.int8`, indices], output: [`${output}.int8`] },
    node("Cast", [`${output}.int8`], `${output}.cast`, { to: DataType.FLOAT }),
    node("Gather", [column, indices], `${output}.scale`, { axis: 0 }),
    node("Mul", [`${output}.cast`, `${output}.scale`], output),
  ];
}

/** `A Wᵀ`, plus a row or not: what linear layers are written as. */
function isProductWith({ opType, input, attribute }: NodeProto, name: string): boolean {
  const plain = attribute.every((own) =>
    own.name === "transB" ? own.i === 1n : own.name === "transA" && own.i === 0n,
  );
  return opType === "Gemm" && input[1] === name && input[0] !== name && plain && attribute.some(isTransB);
}

function isTransB({ name }: AttributeProto): boolean {
  return name === "transB";
}

/**
 * Each row of A over its largest value is between -1 and 1, and as a byte between 1 and 255; the product of bytes is then
 * multiplied by that value. Of a row of zeros the bytes are arbitrary, but what comes of them is multiplied by 0.
 */
function integerProduct({ input: [a, , bias], output: [output] }: NodeProto, name: string): NodeProto[] {
  const part = (what: string) => `${output}.${what}`;
  const product = bias === undefined ? output : part("product");
  return [
    node("Abs", [a], part("sizes")),
    node("ReduceMax", [part("sizes"), COLUMNS], part("largest")),
    node("Div", [a, part("largest")], part("share")),
    node("QuantizeLinear", [part("share"), STEP, MIDDLE], part("bytes")),
    {
      ...node(
        "MatMulIntegerToFloat",
        [part("bytes"), `${name}.int8.transposed`, STEP, `${name}.scale`, MIDDLE],
        part("sums"),
      ),
      domain: CONTRIBUTED,
    },
    node("Mul", [part("sums"), part("largest")], product),
    ...(bias === undefined ? [] : [node("Add", [product, bias], output)]),
  ];
}

/** Whether a graph inside a node reads a value. */
function readsInside({ attribute }: NodeProto, name: string): boolean {
  return attribute.some(({ g }) => g?.node.some((inner) => inner.input.includes(name) || readsInside(inner, name)));
}
