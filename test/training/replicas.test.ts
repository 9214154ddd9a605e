import { describe, expect, it } from "vitest";
import type { Example } from "../../src/data/batches.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { constant } from "../../src/optim/schedule.ts";
import { Random } from "../../src/random/random.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { batchesSideBySide } from "../../src/training/replicas.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import type { OpenStepGradients } from "../../src/training/step-gradients.ts";
import { stepProgram } from "../../src/training/step-program.ts";
import { train, trainingMemory } from "../../src/training/train.ts";

const random = Random.of(1, "examples");
const ids = (length: number) => Int32Array.from({ length }, () => 3 + random.integer(37));
const examples = Array.from(
  { length: 42 },
  (): Example => ({ source: ids(2 + random.integer(6)), target: Int32Array.of(1, ...ids(1 + random.integer(5)), 2) }),
);

const model = (tiedEmbeddings: "all" | "none") =>
  new Transformer({
    vocabularySize: 40,
    numLayers: 1,
    dModel: 16,
    numHeads: 2,
    dFeedForward: 16,
    dropout: 0.2,
    maxLength: 8,
    tiedEmbeddings,
  });

/** Losses of all steps and the weights at the end. */
async function trained(tiedEmbeddings: "all" | "none", stepGradients?: OpenStepGradients) {
  const network = model(tiedEmbeddings);
  const options = {
    engine: await openEngine({ threads: 1 }),
    ...{ epochs: 3, batchSize: 4, accumulate: 4, bucketWindow: 4, seed: 3, emaDecay: 0.9, clipNorm: 1 },
    schedule: () => constant({ peak: 0.02, warmupSteps: 2 }),
    stepGradients,
  };
  const memory = trainingMemory(network, options);
  const steps: unknown[] = [];
  for await (const event of train(new Seq2SeqTask(network, 0), { train: examples }, options, memory)) {
    if (event.type === "step") steps.push([event.loss, event.accuracy, event.gradientNorm]);
  }
  return { steps, weights: memory.weights.flat.slice(), averaged: memory.averaged!.flat.slice() };
}

describe("batches side by side", () => {
  it.each([
    [2, "all"],
    [3, "none"], // few rows of two tables have gradients
    [8, "none"],
  ] as const)("train to the same bits as one after another, on %i threads, tied: %s", async (threads, tied) => {
    const inTurn = await trained(tied);
    const sideBySide = await trained(tied, batchesSideBySide(await openEngine({ threads }), 4));
    expect(inTurn.steps.length).toBe(9);
    expect(sideBySide).toEqual(inTurn);
  });

  it("tell what goes wrong in another thread", async () => {
    const network = model("none");
    const memory = trainingMemory(network, { seed: 3, accumulate: 2 });
    const program = stepProgram(new Seq2SeqTask(network, 0), 0);
    const unknown = { ...program, tables: program.tables.map((table) => ({ ...table, name: "nowhere" })) };
    const open = batchesSideBySide(await openEngine({ threads: 2 }), 2);
    await expect(open(unknown, memory, 1)).rejects.toThrow("parameters: there is none named nowhere");
  });
});
