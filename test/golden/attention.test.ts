import { describe, expect, it } from "vitest";
import { reshape, sum } from "../../src/graph/broadcast.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { multiply } from "../../src/graph/elementwise.ts";
import { input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { additiveAttention } from "../../src/nn/attention.ts";
import { linear } from "../../src/nn/linear.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats } from "../../src/runtime/value.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { expectClose, Golden } from "./golden.ts";

const golden = new Golden("bahdanau_attention");
const [batch, time, width] = golden.floats("in.values").shape;
const { units } = golden.settings;
const given = (name: string) => input(name, "float32", golden.floats(name).shape);

/** The case's attention, one query a row; PyTorch's V has a bias, which the softmax does not see. */
function attended() {
  const values = given("in.values");
  const query = given("in.query");
  const weights = ["W1.weight", "W1.bias", "W2.weight", "W2.bias"].map((name) => given(`param.${name}`));
  const [w1, b1, w2, b2] = weights;
  const scoring = input("param.V.weight", "float32", [units]);
  const mask = reshape(input("in.keep", "bool", [batch, time]), [batch, 1, time]);
  const queries = linear(reshape(query, [batch, 1, query.shape[1]]), w2, b2);
  const attention = additiveAttention(queries, linear(values, w1, b1), values, scoring, mask);
  return {
    context: reshape(attention.context, [batch, width]),
    weights: reshape(attention.weights, [batch, time]),
    learnt: [values, query, ...weights, scoring],
  };
}

describe("golden values of PyTorch: Bahdanau's attention", () => {
  it("forward and all gradients", async () => {
    const { context, weights, learnt } = attended();
    const names = ["in.values", "in.query"].concat(
      ["W1.weight", "W1.bias", "W2.weight", "W2.bias", "V.weight"].map((name) => `param.${name}`),
    );
    const loss = sum(multiply(context, given("in.cotangent")));
    const outputs: Record<string, Tensor> = { loss, context, weights };
    differentiate(loss, learnt).forEach((gradient, i) => {
      outputs[`grad.${names[i]}`] = gradient!;
    });
    const program = await Program.compile(await testEngine(), outputs);
    const result = await program.run({
      ...Object.fromEntries([...names, "in.cotangent"].map((name) => [name, golden.floats(name)])),
      "param.V.weight": floats([units], golden.floats("param.V.weight").data),
      "in.keep": golden.bools("in.keep"),
    });
    for (const name of ["loss", "context", "weights"]) {
      expectClose(result[name], golden.floats(`out.${name}`), 1e-5, name);
    }
    for (const name of names) {
      expectClose(result[`grad.${name}`], golden.floats(`grad.${name}`), 1e-5, `gradient of ${name}`);
    }
    const keep = golden.bools("in.keep").data;
    const hidden = Array.from(keep.keys()).filter((i) => !keep[i]);
    expect(hidden).toHaveLength(3);
    for (const i of hidden) expect(result.weights.data[i]).toBe(0);
    await program.release();
  });
});
