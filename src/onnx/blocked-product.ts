import { TensorProto_DataType as DataType, type NodeProto, type TensorProto } from "onnx-buf";
import { CONTRIBUTED, initializer, node } from "./proto-parts.ts";

/** The numbers of a block are powers of two between these. */
const [SMALLEST, LARGEST] = [16, 256];

/** A weight of eight bits in blocks that share a scale. */
export interface BlockedWeight {
  readonly rows: number;
  readonly columns: number;
  /** Numbers in a block. */
  readonly block: number;
  readonly tensors: readonly [values: TensorProto, scales: TensorProto];
}

/**
 * A weight as {@link blockedProduct} reads it: the same numbers, counted from 128.
 *
 * @param values `[rows, columns]`
 * @param scales `[rows]`
 * @returns nothing where rows do not make whole blocks
 */
export function blockedWeight(name: string, values: Int8Array, scales: Float32Array): BlockedWeight | undefined {
  const rows = scales.length;
  const columns = values.length / rows;
  let block = LARGEST;
  while (block >= SMALLEST && columns % block !== 0) block /= 2;
  if (block < SMALLEST) return undefined;
  const blocks = columns / block;
  const bytes = Uint8Array.from(values, (value) => value + 128);
  const repeated = Float32Array.from({ length: rows * blocks }, (_, i) => scales[Math.floor(i / blocks)]);
  const tensors = [
    initializer(`${name}.blocks`, DataType.UINT8, [rows, blocks, block], bytes),
    initializer(`${name}.blocks.scale`, DataType.FLOAT, [rows, blocks], repeated),
  ] as const;
  return { rows, columns, block, tensors };
}

/**
 * `A Wᵀ`, plus a row or not, as the one operator `MatMulNBits`, which quantizes each row of A by blocks as it comes. It reads
 * the weight once a row of A, and so is fast for a few.
 */
export function blockedProduct(product: NodeProto, { rows, columns, block, tensors }: BlockedWeight): NodeProto {
  const [a, , bias] = product.input;
  const weight = tensors.map(({ name }) => name);
  const inputs = [a, ...weight, ...(bias === undefined ? [] : ["", "", bias])];
  const attributes = { K: columns, N: rows, bits: 8, block_size: block, accuracy_level: EIGHT_BITS };
  return { ...node("MatMulNBits", inputs, product.output[0], attributes), domain: CONTRIBUTED };
}

/** `accuracy_level`: A may be of eight bits too. */
const EIGHT_BITS = 4;
