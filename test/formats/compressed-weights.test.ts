import { describe, expect, it } from "vitest";
import { compressedWeights, expanded } from "../../src/formats/compressed-weights.ts";
import { decodeSafeTensors, encodeSafeTensors } from "../../src/formats/safetensors.ts";
import type { Compression } from "../../src/onnx/compress.ts";
import { Random } from "../../src/random/random.ts";
import { floats, type Value } from "../../src/runtime/value.ts";

const random = Random.of(3, "weights");

function tensor(...shape: number[]): Value<"float32"> {
  const size = shape.reduce((a, b) => a * b, 1);
  return floats(
    shape,
    Float32Array.from({ length: size }, () => 2 * random.uniform() - 1),
  );
}

const weights = new Map([
  ["table", tensor(40, 32)],
  ["both ways", tensor(2, 30, 24)],
  ["bias", tensor(2000)],
  ["small", tensor(4, 8)],
]);
weights.get("table")!.data.fill(0, 32, 64);

/** What comes back from a file, and how large that is. */
function roundTrip(compression: Compression) {
  const parts = encodeSafeTensors(compressedWeights(weights, compression));
  const bytes = new Uint8Array(Buffer.concat(parts));
  return { size: bytes.length, tensors: expanded(decodeSafeTensors(bytes, "file").tensors) };
}

/** The largest difference in each row, as a share of the largest value of the row. */
function errors(before: Value, after: Value): number[] {
  const columns = before.shape.at(-1)!;
  return Array.from({ length: before.data.length / columns }, (_, row) => {
    const [a, b] = [before, after].map(({ data }) =>
      Array.from(data.slice(row * columns, (row + 1) * columns), Number),
    );
    const largest = Math.max(...a.map(Math.abs));
    return largest === 0 ? 0 : Math.max(...a.map((x, i) => Math.abs(x - b[i]))) / largest;
  });
}

describe("compressed weights", () => {
  it.each([
    ["int8", 0.5 / 127, 1],
    ["fp16", 2 ** -11, 2],
  ] as const)("in %s come back nearly as they were, under their names", (compression, most, bytes) => {
    const { size, tensors } = roundTrip(compression);
    expect([...tensors.keys()].sort()).toEqual([...weights.keys()].sort());
    for (const [name, before] of weights) {
      const after = tensors.get(name)!;
      expect(after).toMatchObject({ dtype: "float32", shape: before.shape });
      expect(Math.max(...errors(before, after)), name).toBeLessThanOrEqual(most * 1.0001);
    }
    expect(tensors.get("bias")!.data).toEqual(weights.get("bias")!.data);
    expect(tensors.get("table")!.data.slice(32, 64)).toEqual(new Float32Array(32));
    expect(size).toBeLessThan(bytes * (40 * 32 + 2 * 30 * 24) + 4 * (40 + 60 + 2000 + 32) + 600);
  });

  it("are changed once and not again", () => {
    const once = roundTrip("int8").tensors as ReadonlyMap<string, Value<"float32">>;
    const parts = encodeSafeTensors(compressedWeights(once, "int8"));
    const twice = expanded(decodeSafeTensors(new Uint8Array(Buffer.concat(parts)), "file").tensors);
    for (const [name, before] of once) expect(Math.max(...errors(before, twice.get(name)!))).toBeLessThan(1e-6);
  });
});
