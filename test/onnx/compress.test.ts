import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { gather } from "../../src/graph/gather.ts";
import { matmul, transpose } from "../../src/graph/product.ts";
import { scan } from "../../src/graph/scan.ts";
import { input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { linear } from "../../src/nn/linear.ts";
import { Parameter } from "../../src/nn/module.ts";
import { compressed } from "../../src/onnx/compress.ts";
import { lower } from "../../src/onnx/lower.ts";
import { Random } from "../../src/random/random.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { floats, integers, type Value } from "../../src/runtime/value.ts";
import { relativeError } from "../golden/golden.ts";

const engines = [await openEngine({ threads: 1 }), await openEngine({ device: "wasm", threads: 1 })];

const [IN, OUT] = [48, 40];
const weight = new Parameter([OUT, IN], () => {});
const bias = new Parameter([OUT], () => {});
const random = Random.of(4, "compress");
const draw = (length: number, width: (i: number) => number) =>
  Float32Array.from({ length }, (_, i) => width(i) * (2 * random.uniform() - 1));
// Rows of very different sizes, as each has a scale of its own.
const VALUES: Record<string, Float32Array> = {
  weight: draw(OUT * IN, (i) => 10 ** ((Math.floor(i / IN) % 5) - 2)),
  bias: draw(OUT, () => 0.1),
};

const lowered = (outputs: Record<string, Tensor>) =>
  lower(outputs, {
    parameters: new Map([
      [weight.tensor, "weight"],
      [bias.tensor, "bias"],
    ]),
    values: (name) => VALUES[name],
  }).bytes;

const x = input("x", "float32", ["rows", IN]);
const ids = input("ids", "int32", ["rows"]);
const GRAPHS: Record<string, { y: Tensor; feeds: (rows: number) => Record<string, Value> }> = {
  "a linear layer": {
    y: linear(x, weight.tensor, bias.tensor),
    feeds: (rows) => ({
      x: floats(
        [rows, IN],
        draw(rows * IN, () => 1),
      ),
    }),
  },
  "a product": {
    y: matmul(x, transpose(weight.tensor)),
    feeds: (rows) => ({
      x: floats(
        [rows, IN],
        draw(rows * IN, () => 1),
      ),
    }),
  },
  "a table": {
    y: gather(weight.tensor, ids),
    feeds: (rows) => ({
      ids: integers(
        [rows],
        Int32Array.from({ length: rows }, (_, i) => (7 * i) % OUT),
      ),
    }),
  },
  "a table that is a projection too": {
    y: matmul(gather(weight.tensor, ids), transpose(weight.tensor)),
    feeds: (rows) => ({
      ids: integers(
        [rows],
        Int32Array.from({ length: rows }, (_, i) => (3 * i) % OUT),
      ),
    }),
  },
  "a weight in a loop": {
    y: scan(
      (_, [row]) => ({ carries: [], outputs: [matmul(row, transpose(weight.tensor))] }),
      [],
      [input("steps", "float32", ["time", "rows", IN])],
    ).outputs[0],
    feeds: (rows) => ({
      steps: floats(
        [3, rows, IN],
        draw(3 * rows * IN, () => 1),
      ),
    }),
  },
};

async function run(engine: (typeof engines)[number], bytes: Uint8Array, feeds: Record<string, Value>) {
  const session = await engine.load(bytes);
  const { y } = await session.run(feeds, ["y"], {});
  await session.release();
  return y;
}

describe.each(engines.map((engine) => [engine.device, engine] as const))("on %s", (_, engine) => {
  it.each(Object.entries(GRAPHS))("%s computes nearly the same", async (_name, { y, feeds }) => {
    const whole = lowered({ y });
    const given = feeds(5);
    const exact = await run(engine, whole, given);
    for (const [how, rows, tolerance] of [
      ["fp16", "many", 1e-3],
      ["int8", "many", 0.03],
      ["int8", "few", 0.03],
    ] as const) {
      const found = await run(engine, compressed(whole, how, { rows }), given);
      expect(found.shape).toEqual(exact.shape);
      expect(relativeError(found.data as Float32Array, exact.data as Float32Array)).toBeLessThan(tolerance);
    }
  });

  it("no rows at all are no problem", async () => {
    const { y } = GRAPHS["a linear layer"];
    const { shape } = await run(engine, compressed(lowered({ y }), "int8"), {
      x: floats([0, IN], new Float32Array(0)),
    });
    expect(shape).toEqual([0, OUT]);
  });
});

it.each(["few", "many"] as const)(
  "of %s a row gives what it gives alone, however large the others are; of zeros the bias",
  async (many) => {
    const [engine] = engines;
    const bytes = compressed(lowered({ y: GRAPHS["a linear layer"].y }), "int8", { rows: many });
    const rows = [1e-3, 1, 0, 1e4].map((width) => draw(IN, () => width));
    const given = (data: Float32Array[]) => ({
      x: floats([data.length, IN], Float32Array.from(data.flatMap((r) => [...r]))),
    });
    const { data: together } = await run(engine, bytes, given(rows));
    for (const [i, row] of rows.entries()) {
      const { data: alone } = await run(engine, bytes, given([row]));
      expect(together.slice(i * OUT, (i + 1) * OUT)).toEqual(alone);
    }
    expect(together.slice(2 * OUT, 3 * OUT)).toEqual(VALUES.bias);
  },
);

it("files get smaller: half, and a quarter", () => {
  const whole = lowered({ y: GRAPHS["a table that is a projection too"].y });
  const size = OUT * IN * 4;
  expect(compressed(whole, "fp16").length).toBeLessThan(whole.length - 0.45 * size);
  expect(compressed(whole, "int8").length).toBeLessThan(whole.length - 0.5 * size);
});

it("half precision is rounded to nearest even, keeps small numbers, and never becomes infinite", () => {
  const special = [0, -0, 1, -2, 65504, 1e6, -1e6, 2 ** -14, 2 ** -24, 2 ** -25, 3 * 2 ** -25, 1e-10, 1 + 2 ** -11];
  special.push(1 + 3 * 2 ** -11, 0.1, -1 / 3, 2 ** -14 - 2 ** -26);
  VALUES.weight.set(special);
  const model = fromBinary(ModelProtoSchema, compressed(lowered({ y: GRAPHS["a table"].y }), "fp16"));
  const { rawData } = model.graph!.initializer.find(({ name }) => name === "weight.half")!;
  const view = new DataView(rawData.buffer, rawData.byteOffset);
  const found = special.map((_, i) => fromHalf(view.getUint16(2 * i, true)));
  expect(found).toEqual(
    [0, -0, 1, -2, 65504, 65504, -65504, 2 ** -14, 2 ** -24, 0, 2 ** -23, 0, 1].concat([
      1 + 2 ** -9,
      0.0999755859375,
      -0.333251953125,
      2 ** -14,
    ]),
  );
});

/** IEEE 754 half precision as its definition says. */
function fromHalf(bits: number): number {
  const [exponent, mantissa] = [(bits >>> 10) & 31, bits & 1023];
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}
