import type { DType } from "../graph/tensor.ts";
import type { Value } from "../runtime/value.ts";

/** The tensors of a safetensors file, with the notes in its header. */
export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, Value>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor to be written: a value, eight-bit integers, or half precisions as their bits. */
export type StoredTensor =
  | Value
  | { readonly dtype: "int8"; readonly shape: readonly number[]; readonly data: Int8Array }
  | { readonly dtype: "float16"; readonly shape: readonly number[]; readonly data: Uint16Array };

/** A file is no safetensors file, or is damaged. */
export class SafeTensorsError extends Error {
  override readonly name = "SafeTensorsError";
}

const NAME_OF: Record<StoredTensor["dtype"], string> = {
  float32: "F32",
  int32: "I32",
  int64: "I64",
  bool: "BOOL",
  int8: "I8",
  float16: "F16",
};
/** What can be read; half precisions and eight-bit integers become float32. */
const TYPES: Record<string, { dtype: DType; bytes: number; array: (b: ArrayBuffer) => Value["data"] }> = {
  F32: { dtype: "float32", bytes: 4, array: (b) => new Float32Array(b) },
  I32: { dtype: "int32", bytes: 4, array: (b) => new Int32Array(b) },
  I64: { dtype: "int64", bytes: 8, array: (b) => new BigInt64Array(b) },
  F16: { dtype: "float32", bytes: 2, array: (b) => Float32Array.from(new Uint16Array(b), fromHalf) },
  BF16: {
    dtype: "float32",
    bytes: 2,
    array: (b) => new Float32Array(Uint32Array.from(new Uint16Array(b), (x) => x << 16).buffer),
  },
  I8: { dtype: "float32", bytes: 1, array: (b) => new Float32Array(new Int8Array(b)) },
  BOOL: { dtype: "bool", bytes: 1, array: (b) => new Uint8Array(b) },
};

/**
 * Writes tensors in the safetensors format: eight bytes of header length, a JSON header, then the data, little-endian.
 *
 * @returns the parts of the file in order; the data is not copied
 */
export function encodeSafeTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  for (const [name, { dtype, shape, data }] of tensors) {
    const end = offset + data.byteLength;
    header[name] = { dtype: NAME_OF[dtype], shape, data_offsets: [offset, end] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(start.length - 8), true);
  start.set(text, 8);
  return [start, ...parts];
}

/**
 * Reads a safetensors file.
 *
 * @param file what errors call it
 * @throws {SafeTensorsError} when the header, a type, a shape or the length does not fit
 */
export function decodeSafeTensors(bytes: Uint8Array, file: string): SafeTensors {
  const fail = (problem: string): never => {
    throw new SafeTensorsError(`${file}: ${problem}; the file is damaged, or no safetensors file`);
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes are too few`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) fail(`the header should have ${length} bytes, the file has ${bytes.length}`);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, 8 + length), fail);
  const tensors = new Map<string, Value>();
  let expected = 0;
  const inOrder = Object.entries(entries).sort(([, a], [, b]) => start(a) - start(b));
  for (const [name, entry] of inOrder) {
    const type = TYPES[entry.dtype];
    if (type === undefined) fail(`tensor ${name} has type ${entry.dtype}, which is not supported`);
    if (!Array.isArray(entry.shape) || !entry.shape.every((n) => Number.isInteger(n) && n >= 0)) {
      fail(`tensor ${name} has no valid shape`);
    }
    const [from, to] = entry.data_offsets ?? [-1, -1];
    const size = entry.shape.reduce((a, b) => a * b, type.bytes);
    if (from !== expected || to !== from + size) {
      fail(
        `tensor ${name} [${entry.shape.join(", ")}] should be bytes ${expected} to ${expected + size}, not ${from} to ${to}`,
      );
    }
    if (8 + length + to > bytes.length) {
      fail(`tensor ${name} ends at byte ${8 + length + to}, the file has only ${bytes.length}`);
    }
    // A copy, so that the data starts at a multiple of its size.
    const copy = new Uint8Array(to - from);
    copy.set(bytes.subarray(8 + length + from, 8 + length + to));
    tensors.set(name, { dtype: type.dtype, shape: entry.shape, data: type.array(copy.buffer) });
    expected = to;
  }
  if (8 + length + expected !== bytes.length) fail(`${bytes.length - 8 - length - expected} bytes belong to no tensor`);
  return { tensors, metadata: metadata as unknown as Record<string, string> };
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function start(entry: Entry): number {
  return entry.data_offsets?.[0] ?? -1;
}

function parseHeader(bytes: Uint8Array, fail: (problem: string) => never): Record<string, Entry> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header)) return header as Record<string, Entry>;
  } catch {
    // told below
  }
  return fail("its header is not JSON");
}

/** IEEE 754 half precision: sign, five bits of exponent, ten of mantissa. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, mantissa] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}
