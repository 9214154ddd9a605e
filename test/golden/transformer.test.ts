import { describe, expect, it } from "vitest";
import { makeBatch } from "../../src/data/batches.ts";
import { input } from "../../src/graph/source.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { Adam } from "../../src/optim/adam.ts";
import { noam } from "../../src/optim/schedule.ts";
import { Program } from "../../src/runtime/program.ts";
import { TrainingMemory } from "../../src/runtime/training-memory.ts";
import { floats, type Value } from "../../src/runtime/value.ts";
import { batchFeeds, Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { stepProgram } from "../../src/training/step-program.ts";
import { TrainStep } from "../../src/training/train-step.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { expectClose, Golden, relativeError, torchPlace, torchValue, torchValues } from "./golden.ts";

const golden = new Golden("transformer");
const { settings } = golden;
const model = () =>
  new Transformer({
    vocabularySize: settings.vocab,
    numLayers: settings.num_layers,
    dModel: settings.d_model,
    numHeads: settings.num_heads,
    dFeedForward: settings.d_ff,
    dropout: 0,
    maxLength: 8,
  });

function examples() {
  const rows = ({ shape, data }: Value<"int32">) =>
    Array.from({ length: shape[0] }, (_, i) =>
      data.slice(i * shape[1], (i + 1) * shape[1]).filter((id) => id !== settings.pad),
    );
  const targets = rows(golden.integers("in.target"));
  return rows(golden.integers("in.source")).map((source, i) => ({ source, target: targets[i] }));
}
const batch = makeBatch(examples(), [0, 1, 2, 3], settings.pad);

async function compiled(labelSmoothing = 0) {
  const network = model();
  const given = torchValues(golden, network);
  const memory = new TrainingMemory(network.parameters(), 1);
  memory.weights.flat.set(given.flat);
  const step = await TrainStep.load(
    await testEngine(),
    stepProgram(new Seq2SeqTask(network, settings.pad), labelSmoothing),
    memory,
    1,
  );
  return { network, memory, step };
}

describe("golden values of PyTorch: the whole Transformer", () => {
  it("logits", async () => {
    const network = model();
    const source = {
      ids: input("sourceIds", "int32", ["batch", "source"]),
      lengths: input("sourceLengths", "int32", ["batch"]),
    };
    const target = input("decoderInput", "int32", ["batch", "target"]);
    const logits = network.teach(source, target, input("positions", "int32", ["tokens"]));
    const program = await Program.compile(await testEngine(), { logits }, { parameters: network.names() });
    const result = await program.run({
      ...batchFeeds(batch),
      ...Object.fromEntries(torchValues(golden, network).views),
    });
    const all = golden.floats("out.logits");
    const time = all.shape[1];
    const expected = Array.from(batch.positions, (position) => {
      const row = Math.floor(position / batch.targetTime) * time + (position % batch.targetTime);
      return [...all.data.subarray(row * settings.vocab, (row + 1) * settings.vocab)];
    }).flat();
    expectClose(result.logits, floats([expected.length], Float32Array.from(expected)));
  });

  it("loss, smoothed loss and all gradients", async () => {
    const { network, memory, step } = await compiled();
    const { loss, tokens } = await step.run({ feeds: batchFeeds(batch), tokens: batch.tokens }, 1);
    expect(loss / tokens).toBeCloseTo(golden.floats("out.loss").data[0], 5);
    for (const path of network.parameters().keys()) {
      if (path.endsWith("key.bias")) continue;
      const expected = torchValue(golden, "grad.param.", torchPlace(path));
      const mean = memory.gradients.of(path).map((g) => g / tokens);
      expect(relativeError(mean, expected), path).toBeLessThanOrEqual(1e-5);
    }
    const smoothed = await (await compiled(0.1)).step.run({ feeds: batchFeeds(batch), tokens: batch.tokens }, 1);
    expect(smoothed.loss / tokens).toBeCloseTo(golden.floats("out.label_smoothed_loss").data[0], 5);
  });

  it("five steps of Adam with the warm-up schedule", async () => {
    const { memory, step } = await compiled();
    const adam = new Adam(memory);
    const schedule = noam(settings.d_model, settings.warmup_steps);
    const losses: number[] = [];
    for (let t = 1; t <= settings.adam_steps; t++) {
      const { loss, tokens } = await step.run({ feeds: batchFeeds(batch), tokens: batch.tokens }, t);
      losses.push(loss / tokens);
      adam.update(memory.gradients.flat, t, schedule(t), 1 / tokens);
    }
    expect(relativeError(losses, golden.floats("out.adam_losses").data)).toBeLessThanOrEqual(5e-4);
    expectClose(
      { ...golden.floats("out.adam_final_output_weight"), data: memory.weights.of("output.weight") },
      golden.floats("out.adam_final_output_weight"),
      5e-4,
    );
  });
});
