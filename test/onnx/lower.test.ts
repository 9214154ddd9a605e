import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { reshape, sum } from "../../src/graph/broadcast.ts";
import { dropout } from "../../src/graph/dropout.ts";
import { add, exp, multiply, relu, scale } from "../../src/graph/elementwise.ts";
import { matmul, transpose } from "../../src/graph/product.ts";
import { range } from "../../src/graph/range.ts";
import { softmax } from "../../src/graph/softmax.ts";
import { input, parameter } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { type LowerOptions, lower } from "../../src/onnx/lower.ts";

const x = input("x", "float32", ["batch", 4]);
const y = input("y", "float32", ["batch", 4]);

function written(outputs: Record<string, Tensor>, options?: LowerOptions) {
  const lowered = lower(outputs, options);
  const graph = fromBinary(ModelProtoSchema, lowered.bytes).graph!;
  return { ...lowered, graph, operators: graph.node.map(({ opType }) => opType) };
}

describe("lower", () => {
  it("writes only what the outputs need", () => {
    const hidden = relu(x);
    exp(hidden);
    const { operators, inputs } = written({ z: add(hidden, hidden) });
    expect(operators).toEqual(["Relu", "Add"]);
    expect(inputs.map(({ name }) => name)).toEqual(["x"]);
  });

  it("computes the same thing once", () => {
    expect(written({ z: add(exp(multiply(x, y)), exp(multiply(x, y))) }).operators).toEqual(["Mul", "Exp", "Add"]);
  });

  it("reads transposed factors, factors and biases in the product itself", () => {
    const w = input("w", "float32", [3, 4]);
    const b = input("b", "float32", [3]);
    expect(written({ z: add(matmul(x, transpose(w)), b) }).operators).toEqual(["Gemm"]);
    const [q, k] = ["q", "k"].map((name) => input(name, "float32", ["batch", 2, "time", 4]));
    const { graph, operators } = written({ z: scale(matmul(q, transpose(k)), 0.5) });
    expect(operators).toEqual(["FusedMatMul"]);
    expect(graph.node[0].attribute.find(({ name }) => name === "alpha")?.f).toBe(0.5);
  });

  it("keeps the axes' names, and constant shapes as constants", () => {
    const { graph, operators } = written({ z: reshape(x, ["batch", 2, 2]) });
    expect(graph.input[0].type?.value).toMatchObject({
      value: { shape: { dim: [{ value: { value: "batch" } }, { value: { value: 4n } }] } },
    });
    expect(operators).toEqual(["Reshape"]);
  });

  it("gives outputs their names, also those that are inputs or the same value", () => {
    const z = relu(x);
    expect(written({ a: z, b: z, c: x }).graph.output.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(written({ a: z, b: z, c: x }).operators).toEqual(["Relu", "Identity", "Identity"]);
  });

  it("has dropout masks as inputs where dropout acts, and nothing of it elsewhere", () => {
    const z = dropout(softmax(x), 0.25);
    expect(written({ z }).operators).toEqual(["Softmax", "Identity"].slice(0, 1));
    const active = written({ z }, { dropout: true });
    expect(active.operators).toEqual(["Softmax", "Mul"]);
    expect(active.inputs.find(({ kind }) => kind === "mask")).toMatchObject({ rate: 0.25, shape: ["batch", 4] });
  });

  it("stores parameter values, or wants them as inputs", () => {
    const w = parameter([4, 4]);
    const names = new Map([[w, "layer.weight"]]);
    expect(written({ z: matmul(x, w) }, { parameters: names }).inputs.map(({ name }) => name)).toEqual([
      "x",
      "layer.weight",
    ]);
    const stored = written({ z: matmul(x, w) }, { parameters: names, values: () => new Float32Array(16) });
    expect(stored.graph.initializer.map(({ name }) => name)).toEqual(["layer.weight"]);
    expect(stored.inputs.map(({ name }) => name)).toEqual(["x"]);
  });

  it("refuses parameters without a name, equal input names and lengths that nothing tells", () => {
    expect(() => lower({ z: matmul(x, parameter([4, 2])) })).toThrow(
      "onnx: the graph reaches a parameter float32[4, 2] that no module names",
    );
    expect(() => lower({ z: add(x, input("x", "float32", ["batch", 4])) })).toThrow("two inputs are named x");
    expect(() => lower({ z: range(0, "time"), s: sum(x) })).toThrow("no input has an axis named time");
  });
});
