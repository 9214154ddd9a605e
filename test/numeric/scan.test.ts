import { describe, expect, it } from "vitest";
import { reshape, sum } from "../../src/graph/broadcast.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { add, exp, multiply, sigmoid, tanh } from "../../src/graph/elementwise.ts";
import { matmul, transpose } from "../../src/graph/product.ts";
import { scan } from "../../src/graph/scan.ts";
import { concat, slice, split } from "../../src/graph/slice.ts";
import { softmax } from "../../src/graph/softmax.ts";
import { input, scalar } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { lower } from "../../src/onnx/lower.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats } from "../../src/runtime/value.ts";
import { checkGradients, testEngine } from "./check-gradients.ts";

const named = { lengths: { batch: 2, time: 4 } };
const X = ["time", "batch", 3];

/** h ← tanh(x W + h U) */
const rnn =
  (options: { reverse?: boolean } = {}) =>
  (x: Tensor, start: Tensor, w: Tensor, u: Tensor) =>
    scan(
      ([h], [xt]) => {
        const next = tanh(add(matmul(xt, w), matmul(h, transpose(u))));
        return { carries: [next], outputs: [next] };
      },
      [start],
      [x],
      options,
    );

const rnnShapes = [X, ["batch", 2], [3, 2], [2, 2]];

describe("scan: gradients agree with finite differences, first and second order", () => {
  it("outputs of a recurrence", () =>
    checkGradients((...p) => rnn()(p[0], p[1], p[2], p[3]).outputs[0], rnnShapes, named));
  it("the last carry", () => checkGradients((...p) => rnn()(p[0], p[1], p[2], p[3]).carries[0], rnnShapes, named));
  it("backwards", () =>
    checkGradients((...p) => rnn({ reverse: true })(p[0], p[1], p[2], p[3]).outputs[0], rnnShapes, named));
  it("two carries, gates from one product, a bias", () =>
    checkGradients(
      (x, u, b) => {
        const zero = multiply(slice(x, 0, 0, 1), scalar(0));
        const first = reshape(slice(zero, 2, 0, 2), ["batch", 2]);
        const { outputs, carries } = scan(
          ([h, c], [xt]) => {
            const [gate, candidate] = split(add(add(xt, matmul(h, transpose(u))), b), 1, [2, 2]);
            const nextC = add(multiply(sigmoid(gate), c), tanh(candidate));
            const nextH = multiply(tanh(nextC), sigmoid(candidate));
            return { carries: [nextH, nextC], outputs: [nextH] };
          },
          [first, first],
          [x],
        );
        return concat([outputs[0], reshape(carries[1], [1, "batch", 2])], 0);
      },
      [["time", "batch", 4], [4, 2], [4]],
      named,
    ));
  it("products of stacks of matrices", () =>
    checkGradients(
      (x, u) => {
        const start = sum(x, [0]);
        return scan(
          ([h], [xt]) => {
            const next = tanh(add(xt, matmul(h, u)));
            return { carries: [next], outputs: [next] };
          },
          [start],
          [x],
        ).outputs[0];
      },
      [
        ["time", 2, "batch", 3],
        [2, 3, 3],
      ],
      named,
    ));
  it("a closure that every step attends to", () =>
    checkGradients(
      (x, memory) => {
        const start = sum(x, [0]);
        return scan(
          ([h], [xt]) => {
            const weights = softmax(matmul(reshape(h, ["batch", 1, 3]), transpose(memory)));
            const next = tanh(add(xt, reshape(matmul(weights, memory), ["batch", 3])));
            return { carries: [next], outputs: [exp(next)] };
          },
          [start],
          [x],
        ).outputs[0];
      },
      [X, ["batch", 5, 3]],
      named,
    ));
  it("a closure that is not in a product", () =>
    checkGradients(
      (x, scale) =>
        scan(
          ([h], [xt]) => {
            const next = tanh(add(multiply(xt, scale), h));
            return { carries: [next], outputs: [] };
          },
          [sum(x, [0])],
          [x],
        ).carries[0],
      [X, [3]],
      named,
    ));
  it("an element and a carry that pass through", () =>
    checkGradients(
      (x, start) => {
        const { carries, outputs } = scan(
          ([h], [xt]) => ({ carries: [h], outputs: [xt, multiply(h, xt)] }),
          [start],
          [x],
        );
        return concat([outputs[0], outputs[1], reshape(carries[0], [1, "batch", 3])], 0);
      },
      [X, ["batch", 3]],
      named,
    ));
  it("a scan inside a scan", () =>
    checkGradients(
      (x, w) => {
        const { outputs } = scan(
          ([h], [row]) => {
            const inner = scan(
              ([g], [xt]) => {
                const next = tanh(add(multiply(g, w), multiply(xt, h)));
                return { carries: [next], outputs: [] };
              },
              [h],
              [row],
            );
            return { carries: [inner.carries[0]], outputs: [inner.carries[0]] };
          },
          [sum(x, [0, 1])],
          [x],
        );
        return outputs[0];
      },
      [["time", 3, 2], [2]],
      named,
    ));
});

describe("scan", () => {
  it("adds up from the first element to the last, or backwards, outputs in the order of the elements", async () => {
    const x = input("x", "float32", ["time"]);
    const sums = (reverse: boolean) =>
      scan(([total], [xt]) => ({ carries: [add(total, xt)], outputs: [add(total, xt)] }), [scalar(0)], [x], {
        reverse,
      });
    const program = await Program.compile(await testEngine(), {
      forward: sums(false).outputs[0],
      backward: sums(true).outputs[0],
      last: sums(true).carries[0],
    });
    const { forward, backward, last } = await program.run({ x: floats([3], Float32Array.of(1, 10, 100)) });
    expect([...forward.data]).toEqual([1, 11, 111]);
    expect([...backward.data]).toEqual([111, 110, 100]);
    expect([...last.data]).toEqual([111]);
    await program.release();
  });

  it("keeps in the loop only what depends on the step and is asked for", () => {
    const x = input("x", "float32", ["time", 2]);
    const w = input("w", "float32", [2]);
    const { carries } = scan(
      ([h, unused], [xt]) => {
        const next = add(multiply(h, exp(w)), xt);
        return { carries: [next, tanh(unused)], outputs: [sigmoid(next)] };
      },
      [w, w],
      [x],
    );
    const { bytes } = lower({ last: carries[0] });
    const text = Buffer.from(bytes).toString("latin1");
    expect(text).toContain("Exp");
    for (const name of ["Tanh", "Sigmoid"]) expect(text).not.toContain(name);
  });

  it("weights of a product get one product after the loop", () => {
    const x = input("x", "float32", ["time", "batch", 2]);
    const u = input("u", "float32", [2, 2]);
    const { carries } = scan(
      ([h], [xt]) => ({ carries: [tanh(add(xt, matmul(h, u)))], outputs: [] }),
      [input("h", "float32", ["batch", 2])],
      [x],
    );
    const [gradient] = differentiate(sum(carries[0]), [u]);
    expect(gradient!.node.operation.name).toBe("MatMul");
    expect(gradient!.node.inputs[1].shape).toEqual(["batch*time", 2]);
  });

  it("says what is wrong", () => {
    const x = input("x", "float32", ["time", 3]);
    const y = input("y", "float32", ["other", 3]);
    const h = input("h", "float32", [3]);
    expect(() => scan(([a]) => ({ carries: [a], outputs: [] }), [h], [x, y])).toThrow(
      "scan: wants sequences of one length; 0 is float32[time, 3], 1 is float32[other, 3]",
    );
    expect(() => scan(() => ({ carries: [scalar(0)], outputs: [] }), [h], [x])).toThrow(
      "scan: a step must give carries of the types it received; it received float32[3], gave float32[]",
    );
    let leaked: Tensor | undefined;
    scan(
      ([a], [b]) => {
        leaked = add(a, b);
        return { carries: [a], outputs: [] };
      },
      [h],
      [x],
    );
    expect(() => lower({ leaked: leaked! })).toThrow("is used outside of the step");
  });
});
