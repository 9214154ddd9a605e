import { describe, expect, it } from "vitest";
import { expand, reshape, sum } from "../../src/graph/broadcast.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { dropout } from "../../src/graph/dropout.ts";
import { add, multiply } from "../../src/graph/elementwise.ts";
import { gather, pick, scatterAdd } from "../../src/graph/gather.ts";
import { layerNorm } from "../../src/graph/normalize.ts";
import { matmul, transpose } from "../../src/graph/product.ts";
import { and, less, where } from "../../src/graph/select.ts";
import { concat, pad, slice } from "../../src/graph/slice.ts";
import { argMax, max } from "../../src/graph/softmax.ts";
import { constant, input, scalar } from "../../src/graph/source.ts";
import { apply, type Operation, type Tensor } from "../../src/graph/tensor.ts";

const x = input("x", "float32", ["batch", 3, 4]);
const y = input("y", "float32", [7, 2]);
const ids = input("ids", "int32", ["batch"]);
const flags = input("flags", "bool", ["batch"]);

describe("shapes are known while the graph is built", () => {
  it.each([
    ["matmul", () => matmul(x, input("w", "float32", [4, 5])), "float32[batch, 3, 5]"],
    ["transpose", () => transpose(x), "float32[batch, 4, 3]"],
    ["sum", () => sum(x, [-1]), "float32[batch, 3]"],
    ["sum of all", () => sum(x), "float32[]"],
    ["reshape", () => reshape(x, ["3*batch", 4]), "float32[3*batch, 4]"],
    ["concat", () => concat([x, x], 0), "float32[2*batch, 3, 4]"],
    ["slice", () => slice(x, 0, 1, "batch"), "float32[batch-1, 3, 4]"],
    ["gather", () => gather(y, ids), "float32[batch, 2]"],
    ["argMax", () => argMax(x), "int32[batch, 3]"],
    ["max", () => max(x), "float32[batch, 3]"],
    ["less", () => less(x, scalar(0)), "bool[batch, 3, 4]"],
  ])("%s", (_, build: () => Tensor, expected) => {
    expect(`${build()}`).toBe(expected);
  });
});

describe("errors name the operation, the problem and what came", () => {
  it.each([
    [() => matmul(x, y), "matmul: inner axes differ; a is float32[batch, 3, 4], b is float32[7, 2]"],
    [() => matmul(x, scalar(1)), "matmul: wants matrices; a is float32[batch, 3, 4], b is float32[]"],
    [() => add(x, y), "add: shapes do not broadcast; a is float32[batch, 3, 4], b is float32[7, 2]"],
    [() => multiply(x, ids), "multiply: shapes do not broadcast; a is float32[batch, 3, 4], b is int32[batch]"],
    [() => add(flags, flags), "add: wants float32; a is bool[batch], b is bool[batch]"],
    [() => reshape(x, ["batch", 11]), "reshape: [batch, 11] has another number of elements; x is float32[batch, 3, 4]"],
    [() => expand(y, [7, 3]), "expand: shapes do not broadcast; x is float32[7, 2], target is float32[7, 3]"],
    [() => sum(x, [3]), "sum: there is no axis 3; x is float32[batch, 3, 4]"],
    [() => transpose(x, [0, 0, 1]), "transpose: [0, 0, 1] is no order of its axes; x is float32[batch, 3, 4]"],
    [() => slice(x, 1, 2, 5), "slice: 2 to 5 is not inside axis 1; x is float32[batch, 3, 4]"],
    [() => pad(x, 1, -1, 0), "pad: cannot add -1 and 0; x is float32[batch, 3, 4]"],
    [() => concat([y, x], 0), "concat: shapes differ outside axis 0; 0 is float32[7, 2], 1 is float32[batch, 3, 4]"],
    [() => gather(x, y), "gather: wants int32; indices is float32[7, 2]"],
    [
      () => scatterAdd(ids, y, [4, 2]),
      "scatterAdd: rows do not fit a table [4, 2]; indices is int32[batch], rows is float32[7, 2]",
    ],
    [() => pick(y, ids), "pick: wants one index a row; x is float32[7, 2], indices is int32[batch]"],
    [() => where(x, x, x), "where: wants bool; condition is float32[batch, 3, 4]"],
    [() => and(x, x), "and: wants bool; a is float32[batch, 3, 4], b is float32[batch, 3, 4]"],
    [() => less(x, ids), "less: types differ; a is float32[batch, 3, 4], b is int32[batch]"],
    [
      () => layerNorm(x, y, y, 1e-6),
      "layerNorm: γ and β must be as long as the last axis; x is float32[batch, 3, 4], gamma is float32[7, 2], beta is float32[7, 2]",
    ],
    [() => dropout(x, 1), "dropout: the rate must be in 0 ≤ rate < 1; got 1"],
    [() => constant("float32", [3], Float32Array.of(1)), "constant: 1 values given for float32[3]"],
    [() => differentiate(x, [x]), "differentiate: wants a float32 scalar; loss is float32[batch, 3, 4]"],
    [() => differentiate(sum(max(x)), [x]), "differentiate: ReduceMax has no gradient"],
  ])("%#", (build: () => unknown, message) => {
    expect(build).toThrow(message);
  });

  it("refuses a gradient rule that gives a wrong shape", () => {
    const Wrong: Operation<[x: Tensor]> = { name: "Wrong", infer: ([a]) => a, gradient: () => [scalar(1)] };
    expect(() => differentiate(sum(apply(Wrong, y)), [y])).toThrow(
      "Wrong: the gradient of input 0 is float32[], the input float32[7, 2]",
    );
  });

  it("tells which inputs a loss does not depend on", () => {
    expect(differentiate(sum(y), [x])).toEqual([undefined]);
  });
});
