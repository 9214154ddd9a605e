import { describe, expect, it } from "vitest";
import type { Example } from "../../src/data/batches.ts";
import { Transformer, type TransformerOptions } from "../../src/models/transformer.ts";
import { constant } from "../../src/optim/schedule.ts";
import { Random } from "../../src/random/random.ts";
import type { Buffers, CheckpointStore, Progress } from "../../src/training/checkpoint.ts";
import type { TrainEvent } from "../../src/training/events.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { DivergedError, train, trainingMemory } from "../../src/training/train.ts";
import type { TrainOptions } from "../../src/training/train-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";

/** Checkpoints that live as long as the test. */
class MemoryStore implements CheckpointStore {
  last: { progress: string; buffers: Buffers } | undefined;
  best: Float32Array | undefined;

  async load(buffers: Buffers) {
    if (this.last === undefined) return undefined;
    for (const key of ["weights", "firstMoment", "secondMoment"] as const) buffers[key].set(this.last.buffers[key]);
    return JSON.parse(this.last.progress) as Progress;
  }
  async save(progress: Progress, { weights, firstMoment, secondMoment }: Buffers) {
    const copy = { weights: weights.slice(), firstMoment: firstMoment.slice(), secondMoment: secondMoment.slice() };
    this.last = { progress: JSON.stringify(progress), buffers: copy };
  }
  async saveBest(_: number, weights: Float32Array) {
    this.best = weights.slice();
  }
  async loadBest(weights: Float32Array) {
    weights.set(this.best!);
  }
}

const random = Random.of(1, "examples");
const ids = (length: number) => Int32Array.from({ length }, () => 3 + random.integer(7));
const examples = (count: number): Example[] =>
  Array.from({ length: count }, () => ({ source: ids(3 + random.integer(3)), target: Int32Array.of(1, ...ids(2), 2) }));
const data = { train: examples(10), valid: examples(4) };

const task = (network: Transformer) => new Seq2SeqTask(network, 0);
const model = (changes: Partial<TransformerOptions> = {}) =>
  new Transformer({
    vocabularySize: 10,
    numLayers: 1,
    dModel: 8,
    numHeads: 2,
    dFeedForward: 8,
    dropout: 0.1,
    maxLength: 8,
    tiedEmbeddings: "all",
    ...changes,
  });

async function options(changes: Partial<TrainOptions> = {}): Promise<TrainOptions> {
  const schedule = () => constant({ peak: 0.05, warmupSteps: 2 });
  return { engine: await testEngine(), epochs: 6, batchSize: 4, schedule, patience: 2, seed: 3, ...changes };
}

/** Trains to the end, leaving the loop after so many events; then resumes. */
async function trained(changes: Partial<TrainOptions>, leaveAfter = Number.POSITIVE_INFINITY) {
  const network = model();
  const given = await options(changes);
  const events: TrainEvent[] = [];
  for (;;) {
    const memory = trainingMemory(network, given);
    let left = false;
    for await (const event of train(task(network), data, given, memory)) {
      events.push(event);
      if (events.length === leaveAfter) {
        left = true;
        break;
      }
    }
    if (!left) return { events, weights: memory.weights.flat.slice() };
  }
}

describe("train", () => {
  it("tells what happens in order, and stops when nothing improves", async () => {
    const { events } = await trained({ epochs: 60 });
    const kinds = events.map(({ type }) => type);
    expect(kinds.slice(0, 7)).toEqual(["start", "step", "step", "step", "epoch", "validation", "checkpoint"]);
    const end = events[events.length - 1];
    expect(end).toMatchObject({ type: "end", reason: "no improvement" });
    const validations = events.filter((event) => event.type === "validation");
    const lowest = Math.min(...validations.map(({ measured }) => measured!.loss));
    const best = validations.find(({ measured }) => measured!.loss === lowest)!;
    expect(end).toMatchObject({ keptStep: best.step, validation: { loss: lowest } });
    expect(validations.length).toBe(best.epoch + 2);
  });

  it("ends at the same bits wherever it was left and resumed", async () => {
    const whole = await trained({ checkpoints: new MemoryStore(), epochs: 4, patience: 1 });
    for (let leaveAfter = 2; leaveAfter < whole.events.length; leaveAfter++) {
      const left = await trained({ checkpoints: new MemoryStore(), epochs: 4, patience: 1 }, leaveAfter);
      expect(left.weights, `left at event ${leaveAfter}, ${whole.events[leaveAfter - 1].type}`).toEqual(whole.weights);
    }
  });

  it("keeps the best weights with a store and without", async () => {
    const kept = await trained({ checkpoints: new MemoryStore() });
    expect((await trained({})).weights).toEqual(kept.weights);
  });

  it("sums gradients: two batches of five are one of ten", async () => {
    const network = model({ dropout: 0 });
    const one = trainingMemory(network, { seed: 3 });
    const two = trainingMemory(network, { seed: 3, accumulate: 2 });
    const plain = { epochs: 1, patience: 0 };
    for await (const _ of train(task(network), data, await options({ ...plain, batchSize: 10 }), one));
    for await (const _ of train(task(network), data, await options({ ...plain, batchSize: 5, accumulate: 2 }), two));
    one.gradients.flat.forEach((gradient, i) => {
      expect(Math.abs(gradient - two.summed![i])).toBeLessThan(1e-4);
    });
  });

  it("stops where the loss is no number, and keeps the last checkpoint", async () => {
    const store = new MemoryStore();
    const schedule = () => (step: number) => (step < 5 ? 0.01 : Number.NaN);
    await expect(trained({ checkpoints: store, schedule })).rejects.toThrow(DivergedError);
    await expect(trained({ checkpoints: store, schedule })).rejects.toThrow(
      /step 6 \(epoch 2, batch 3, learning rate NaN\)/,
    );
    expect(store.last!.buffers.weights.every(Number.isFinite)).toBe(true);
    expect(JSON.parse(store.last!.progress)).toMatchObject({ step: 3, epoch: 2 });
  });

  it("refuses examples that are longer than the model takes", async () => {
    const long = { ...data, train: [{ source: ids(9), target: ids(3) }] };
    const events = train(task(model()), long, await options());
    await expect(events.next()).rejects.toThrow("an example has 9 tokens; the model takes 8");
  });
});
