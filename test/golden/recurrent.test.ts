import { describe, it } from "vitest";
import { reshape, sum } from "../../src/graph/broadcast.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { multiply } from "../../src/graph/elementwise.ts";
import { transpose } from "../../src/graph/product.ts";
import { concat, split } from "../../src/graph/slice.ts";
import { input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { CellKind } from "../../src/nn/cells.ts";
import { Recurrent } from "../../src/nn/recurrent.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats } from "../../src/runtime/value.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { expectClose, Golden } from "./golden.ts";
import { torchRecurrentValue } from "./torch-recurrent.ts";

describe("recurrent layers agree with PyTorch: two layers, ragged lengths", () => {
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    it(`${cell}, forward`, () => agrees(cell, false));
    it(`${cell}, both ways`, () => agrees(cell, true));
  }
});

async function agrees(cell: CellKind, bidirectional: boolean): Promise<void> {
  const golden = new Golden(bidirectional ? `${cell}_bidirectional` : cell);
  const { input: inputSize, hidden: hiddenSize, num_layers: numLayers } = golden.settings;
  const net = new Recurrent({ cell, numLayers, inputSize, hiddenSize, bidirectional });
  const x = input("x", "float32", ["batch", "time", inputSize]);
  const { states, final } = net.apply(transpose(x, [1, 0, 2]), input("lengths", "int32", ["batch"]));
  const batchFirst = transpose(states, [1, 0, 2]);
  const loss = sum(multiply(batchFirst, input("cotangent", "float32", batchFirst.shape)));
  const parameters = [...net.parameters()];
  const gradients = differentiate(loss, [x, ...parameters.map(([, { tensor }]) => tensor)]);
  const outputs: Record<string, Tensor> = { loss, states: batchFirst, grad_x: gradients[0]! };
  // PyTorch: [layers · directions, batch, hidden]; ours: the directions of a layer side by side.
  const torchFinal = (state: number) =>
    concat(
      final.flatMap((states) => {
        const parts = bidirectional ? split(states[state], 1, [hiddenSize, hiddenSize]) : [states[state]];
        return parts.map((part) => reshape(part, [1, "batch", hiddenSize]));
      }),
      0,
    );
  outputs.final_hidden = torchFinal(0);
  if (cell === "lstm") outputs.final_cell = torchFinal(1);
  parameters.forEach(([name], i) => {
    outputs[`grad.${name}`] = gradients[i + 1]!;
  });
  const torch = (path: string, kind: "param" | "grad.param") => torchRecurrentValue(golden, path, kind, "", cell);
  const program = await Program.compile(await testEngine(), outputs, { parameters: net.names() });
  const result = await program.run({
    x: golden.floats("in.x"),
    lengths: golden.integers("in.lengths"),
    cotangent: golden.floats("in.cotangent"),
    ...Object.fromEntries(parameters.map(([path, { shape }]) => [path, floats(shape, torch(path, "param"))])),
  });
  for (const name of ["loss", "states", "final_hidden", ...(cell === "lstm" ? ["final_cell"] : [])]) {
    expectClose(result[name], golden.floats(`out.${name}`), 1e-5, name);
  }
  expectClose(result.grad_x, golden.floats("grad.in.x"), 1e-5, "x");
  for (const [path, { shape }] of parameters) {
    expectClose(result[`grad.${path}`], floats(shape, torch(path, "grad.param")), 1e-5, path);
  }
  await program.release();
}
