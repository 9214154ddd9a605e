import { describe, it } from "vitest";
import { expand, reshape, sum } from "../../src/graph/broadcast.ts";
import { dropout } from "../../src/graph/dropout.ts";
import { add, divide, exp, log, multiply, negate, relu, scale, sigmoid, sqrt, subtract, tanh } from "../../src/graph/elementwise.ts";
import { gather, pick, place, scatterAdd } from "../../src/graph/gather.ts";
import { layerNorm } from "../../src/graph/normalize.ts";
import { matmul, transpose } from "../../src/graph/product.ts";
import { reverseSequences } from "../../src/graph/reverse.ts";
import { less, where } from "../../src/graph/select.ts";
import { concat, pad, slice, split } from "../../src/graph/slice.ts";
import { logSoftmax, logSumExp, softmax } from "../../src/graph/softmax.ts";
import { constant, input, scalar } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { additiveAttention, luongAttention } from "../../src/nn/attention.ts";
import type { Parameter } from "../../src/nn/module.ts";
import { RecurrentLayer } from "../../src/nn/recurrent.ts";
import type { Random } from "../../src/random/random.ts";
import { integers } from "../../src/runtime/value.ts";
import { checkGradients } from "./check-gradients.ts";

const positive = (random: Random) => 0.8 + random.uniform();
const awayFromZero = (random: Random) => (random.uniform() < 0.5 ? -1 : 1) * (0.3 + random.uniform());
/** What a layer computes when its parameters are these tensors. */
function withValues<T>(parameters: readonly Parameter[], values: readonly Tensor[], compute: () => T): T {
  parameters.forEach((parameter, i) => {
    Object.assign(parameter, { tensor: values[i] });
  });
  return compute();
}

const named = { lengths: { batch: 2, time: 3 } };

describe("gradients agree with finite differences, first and second order", () => {
  it("add", () => checkGradients(add, [[2, 3], [2, 3]]));
  it("add, broadcasting a row", () => checkGradients(add, [["batch", "time", 4], [4]], named));
  it("subtract, broadcasting both ways", () => checkGradients(subtract, [[3, 1], [1, 4]]));
  it("multiply", () => checkGradients(multiply, [["batch", 4], ["batch", 4]], named));
  it("multiply, broadcasting a column", () => checkGradients(multiply, [["batch", 4], ["batch", 1]], named));
  it("divide, broadcasting", () => checkGradients(divide, [[3, 4], [4]], { sample: positive }));
  it("negate, scale", () => checkGradients((x) => scale(negate(x), 1.7), [[5]]));
  it("exp", () => checkGradients(exp, [[2, 3]]));
  it("log", () => checkGradients(log, [[2, 3]], { sample: positive }));
  it("sqrt", () => checkGradients(sqrt, [[2, 3]], { sample: positive }));
  it("tanh", () => checkGradients(tanh, [[2, 3]]));
  it("sigmoid", () => checkGradients(sigmoid, [[2, 3]]));
  it("relu", () => checkGradients((x) => multiply(relu(x), x), [[3, 4]], { sample: awayFromZero }));
  it("expand", () => checkGradients((x) => exp(expand(x, [3, 2, 4])), [[2, 1]]));
  it("sum over an axis", () => checkGradients((x) => tanh(sum(x, [1])), [["batch", "time", 2]], named));
  it("sum of all", () => checkGradients((x) => tanh(sum(x)), [[2, 2]]));
  it("reshape, named axes", () => checkGradients((x) => exp(reshape(x, ["batch*time", 4])), [["batch", "time", 2, 2]], named));
  it("transpose", () => checkGradients((x) => exp(transpose(x, [2, 0, 1])), [[2, 3, 4]]));
  it("matmul", () => checkGradients(matmul, [[2, 3], [3, 4]]));
  it("matmul of transposes", () =>
    checkGradients((a, b) => scale(matmul(transpose(a), transpose(b)), 0.5), [[3, 2], [4, 3]]));
  it("matmul, many against one matrix", () => checkGradients(matmul, [["batch", "time", 3], [3, 2]], named));
  it("matmul, batched and broadcast", () =>
    checkGradients((a, b) => matmul(a, transpose(b)), [["batch", 2, "time", 3], [2, 4, 3]], named));
  it("matmul with a bias", () => checkGradients((a, b, c) => add(matmul(a, transpose(b)), c), [["batch", 3], [4, 3], [4]], named));
  it("slice", () => checkGradients((x) => exp(slice(x, 1, 1, 3)), [[2, 4]]));
  it("slice to a named end", () => checkGradients((x) => exp(slice(x, 1, 1, "time-1")), [[2, "time"]], named));
  it("pad", () => checkGradients((x) => exp(pad(x, 0, 1, 2)), [[2, 2]]));
  it("concat", () => checkGradients((a, b) => exp(concat([a, b, a], 1)), [[2, "time"], [2, 1]], named));
  it("split", () =>
    checkGradients((x) => {
      const [a, b, c] = split(x, 1, [1, 2, 1]);
      return add(add(multiply(a, c), sum(exp(b), [1], { keepDims: true })), a);
    }, [["batch", 4]], named));
  it("split, one part unused", () => checkGradients((x) => exp(split(x, 0, [1, "time"])[1]), [["time+1", 2]], named));
  it("where", () =>
    checkGradients((a, b) => where(constant("bool", [3], Uint8Array.of(1, 0, 1)), multiply(a, a), multiply(b, b)), [[2, 3], [3]]));
  it("less chooses", () => checkGradients((a) => where(less(a, scalar(0)), exp(a), multiply(a, a)), [[6]], { sample: awayFromZero }));
  it("softmax", () => checkGradients(softmax, [["batch", 5]], named));
  it("logSumExp", () => checkGradients(logSumExp, [["batch", 5]], named));
  it("logSoftmax", () => checkGradients(logSoftmax, [[2, 5]]));
  it("layerNorm", () => checkGradients((x, g, b) => layerNorm(x, g, b, 1e-6), [["batch", "time", 6], [6], [6]], named));

  it("softmax attention of Luong, general, masked", () =>
    checkGradients(
      (query, keys, values, weight) => {
        const mask = constant("bool", [1, 3], Uint8Array.of(1, 1, 0));
        return luongAttention(query, keys, values, mask, weight).context;
      },
      [["batch", 2, 4], ["batch", 3, 5], ["batch", 3, 2], [4, 5]],
      named,
    ));
  it("attention of Bahdanau", () =>
    checkGradients(
      (query, keys, values, scoring) => additiveAttention(query, keys, values, scoring).context,
      [["batch", 2, 4], ["batch", 3, 4], ["batch", 3, 2], [4]],
      named,
    ));
  const ragged = { ...named, feeds: { lengths: integers([2], Int32Array.of(3, 2)) } };
  const lengths = input("lengths", "int32", ["batch"]);
  it("reverseSequences, ragged", () =>
    checkGradients((x) => exp(reverseSequences(x, lengths)), [["time", "batch", 2]], ragged));
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    it(`${cell} both ways, ragged`, () => {
      const layer = new RecurrentLayer({ cell, inputSize: 3, hiddenSize: 2, bidirectional: true });
      const parameters = [...layer.parameters().values()];
      return checkGradients(
        (x, ...values) => {
          const { states, final } = withValues(parameters, values, () => layer.apply(x, lengths));
          return concat([states, reshape(final[final.length - 1], [1, "batch", 4])], 0);
        },
        [["time", "batch", 3], ...parameters.map(({ shape }) => shape)],
        ragged,
      );
    });
  }

  const rows = { rows: integers([2, 2], Int32Array.of(1, 0, 1, 3)) };
  const indices = input("rows", "int32", [2, 2]);
  it("gather", () => checkGradients((table) => exp(gather(table, indices)), [[4, 3]], { feeds: rows }));
  it("scatterAdd", () => checkGradients((x) => exp(scatterAdd(indices, x, [4, 3])), [[2, 2, 3]], { feeds: rows }));
  const columns = { columns: integers([3], Int32Array.of(1, 0, 3)) };
  const column = input("columns", "int32", ["time"]);
  it("pick", () => checkGradients((x) => exp(pick(x, column)), [["time", 4]], { ...named, feeds: columns }));
  it("place", () => checkGradients((x) => exp(place(column, x, ["time", 4])), [["time"]], { ...named, feeds: columns }));
  it("cross-entropy: logSumExp − pick", () =>
    checkGradients((x) => subtract(logSumExp(x), pick(x, column)), [["time", 4]], { ...named, feeds: columns }));
  it("dropout, off", () => checkGradients((x) => multiply(dropout(x, 0.5), x), [[4]]));
});
