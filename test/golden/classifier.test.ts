import { describe, expect, it } from "vitest";
import { reshape } from "../../src/graph/broadcast.ts";
import { slice } from "../../src/graph/slice.ts";
import { input } from "../../src/graph/source.ts";
import { AttentionClassifier } from "../../src/models/attention-classifier.ts";
import { Program } from "../../src/runtime/program.ts";
import { TrainingMemory } from "../../src/runtime/training-memory.ts";
import { ClassifyTask } from "../../src/training/classify-task.ts";
import { stepProgram } from "../../src/training/step-program.ts";
import { TrainStep } from "../../src/training/train-step.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { expectClose, Golden, relativeError } from "./golden.ts";
import { torchRecurrentValue } from "./torch-recurrent.ts";

const golden = new Golden("attention_classifier");
const { vocab, embedding, hidden, attention_units, dense } = golden.settings;

/** PyTorch's value of a parameter of ours, or its gradient. */
function torchValue(path: string, kind: "param" | "grad.param"): Float32Array {
  const recurrent = /^encoder\.layers\.(\d)\.(.*)$/.exec(path);
  if (recurrent !== null) {
    return torchRecurrentValue(golden, `layers.0.${recurrent[2]}`, kind, `lstm${Number(recurrent[1]) + 1}.`, "lstm");
  }
  const name = path
    .replace("attention.keyProjection", "attention.W1")
    .replace("attention.queryProjection", "attention.W2")
    .replace("attention.scoring", "attention.V.weight")
    .replace("head.", "");
  return golden.floats(`${kind}.${name}`).data;
}

function made() {
  const model = new AttentionClassifier({
    vocabularySize: vocab,
    classes: 2,
    cell: "lstm",
    numLayers: 2,
    dEmbedding: embedding,
    hiddenSize: hidden,
    pooling: "attention",
    attentionUnits: attention_units,
    denseUnits: dense,
    dropout: 0,
    denseDropout: 0,
    maxLength: 9,
  });
  const memory = new TrainingMemory(model.parameters(), 1);
  for (const path of model.parameters().keys()) memory.weights.of(path).set(torchValue(path, "param"));
  return { model, memory };
}

describe("golden values of PyTorch: the classifier of the notes", () => {
  it("logits and attention weights", async () => {
    const { model, memory } = made();
    const { logits, attention } = model.classify({
      ids: input("ids", "int32", ["batch", "time"]),
      lengths: input("lengths", "int32", ["batch"]),
    });
    const outputs = {
      logit: reshape(slice(logits, 1, 1, 2), ["batch"]),
      weights: reshape(attention.pooling, ["batch", "time"]),
    };
    const program = await Program.compile(await testEngine(), outputs, { parameters: model.names() });
    const result = await program.run({
      ids: golden.integers("in.ids"),
      lengths: golden.integers("in.lengths"),
      ...Object.fromEntries(memory.weights.views),
    });
    expectClose(result.logit, golden.floats("out.logits"));
    expectClose(result.weights, golden.floats("out.weights"));
    await program.release();
  });

  it("binary cross-entropy and all gradients", async () => {
    const { model, memory } = made();
    const { shape, data } = golden.integers("in.ids");
    const lengths = golden.integers("in.lengths").data;
    const labels = golden.floats("in.labels").data;
    const examples = Array.from(lengths, (length, i) => ({
      ids: data.slice(i * shape[1], i * shape[1] + length),
      label: labels[i],
    }));
    const task = new ClassifyTask(model, 0);
    const step = await TrainStep.load(await testEngine(), stepProgram(task, 0), memory, 1);
    const { loss } = await step.run(task.batch(examples, [0, 1, 2, 3]), 1);
    expect(loss / 4).toBeCloseTo(golden.floats("out.loss").data[0], 5);
    for (const path of model.parameters().keys()) {
      const mean = memory.gradients.of(path).map((g) => g / 4);
      expect(relativeError(mean, torchValue(path, "grad.param")), path).toBeLessThanOrEqual(1e-5);
    }
    await step.release();
  });
});
