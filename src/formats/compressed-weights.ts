import type { Compression } from "../onnx/compress.ts";
import { halves } from "../onnx/half-precision.ts";
import { floats, type Value } from "../runtime/value.ts";
import type { StoredTensor } from "./safetensors.ts";

/** Smaller tensors, such as biases, stay as they are. */
const SMALLEST = 1024;

/** The largest number of eight bits used. All are, because nothing is computed with them. */
const LARGEST = 127;

/** What the tensor is called that holds a scale for each row of an eight-bit tensor. */
const SCALE = ".row_scale";

/**
 * Weights as they are stored smaller: those of two axes and more in half precision, or in eight bits with a scale a row,
 * a row being what lies along the last axis. {@link expanded} makes float32 of them again, which is computed with.
 */
export function compressedWeights(
  weights: ReadonlyMap<string, Value<"float32">>,
  compression: Compression,
): ReadonlyMap<string, StoredTensor> {
  const stored = new Map<string, StoredTensor>();
  for (const [name, value] of weights) {
    const { shape, data } = value;
    if (shape.length < 2 || data.length < SMALLEST) stored.set(name, value);
    else if (compression === "fp16") stored.set(name, { dtype: "float16", shape, data: halves(data) });
    else {
      const { integers, scales } = inEightBits(data, shape[shape.length - 1]);
      stored.set(name, { dtype: "int8", shape, data: integers });
      stored.set(name + SCALE, floats(shape.slice(0, -1), scales));
    }
  }
  return stored;
}

/** Tensors of a file, rows that have scales multiplied by them, and the scales left out. */
export function expanded(tensors: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const whole = new Map<string, Value>();
  for (const [name, value] of tensors) {
    if (tensors.has(name.slice(0, -SCALE.length)) && name.endsWith(SCALE)) continue;
    const scales = tensors.get(name + SCALE);
    whole.set(name, scales === undefined ? value : { ...value, data: scaledRows(value, scales) });
  }
  return whole;
}

function inEightBits(data: Float32Array, columns: number): { integers: Int8Array; scales: Float32Array } {
  const integers = new Int8Array(data.length);
  const scales = new Float32Array(data.length / columns);
  for (let row = 0; row < scales.length; row++) {
    const from = row * columns;
    let largest = 0;
    for (let i = from; i < from + columns; i++) largest = Math.max(largest, Math.abs(data[i]));
    scales[row] = largest === 0 ? 1 : largest / LARGEST;
    for (let i = from; i < from + columns; i++) integers[i] = Math.round(data[i] / scales[row]);
  }
  return { integers, scales };
}

function scaledRows({ shape, data }: Value, { data: scales }: Value): Float32Array {
  const columns = shape[shape.length - 1];
  const scaled = new Float32Array(data.length);
  for (let row = 0; row < scales.length; row++) {
    const scale = Number(scales[row]);
    for (let i = row * columns; i < (row + 1) * columns; i++) scaled[i] = Number(data[i]) * scale;
  }
  return scaled;
}
