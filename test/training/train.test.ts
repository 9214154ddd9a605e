import { describe, expect, it } from "vitest";
import type { Example } from "../../src/data/batches.ts";
import { Transformer, type TransformerOptions } from "../../src/models/transformer.ts";
import { constant } from "../../src/optim/schedule.ts";
import { Random } from "../../src/random/random.ts";
import { type Buffers, PassingStore, type Progress } from "../../src/training/checkpoint.ts";
import { Evaluator } from "../../src/training/evaluate.ts";
import type { TrainEvent } from "../../src/training/events.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { DivergedError, train, trainingMemory } from "../../src/training/train.ts";
import type { TrainOptions } from "../../src/training/train-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";

/** Checkpoints that live as long as the test. */
class MemoryStore extends PassingStore {
  last: { progress: string; buffers: Buffers } | undefined;

  override async load(buffers: Buffers) {
    if (this.last === undefined) return undefined;
    const saved = new Map<string, Float32Array>(Object.entries(this.last.buffers));
    for (const [key, buffer] of Object.entries(buffers)) buffer.set(saved.get(key)!);
    return JSON.parse(this.last.progress) as Progress;
  }
  override async save(progress: Progress, buffers: Buffers) {
    const copies = Object.fromEntries(Object.entries(buffers).map(([key, buffer]) => [key, buffer.slice()]));
    this.last = { progress: JSON.stringify(progress), buffers: copies as unknown as Buffers };
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
    if (!left) return { events, weights: memory.shown.flat.slice() };
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

  it("does so too with a moving average of the weights, and the mean of the last epochs'", async () => {
    const changes = { epochs: 4, patience: 0, emaDecay: 0.8, average: 2 };
    const whole = await trained({ checkpoints: new MemoryStore(), ...changes });
    for (let leaveAfter = 2; leaveAfter < whole.events.length; leaveAfter++) {
      const left = await trained({ checkpoints: new MemoryStore(), ...changes }, leaveAfter);
      expect(left.weights, `left at event ${leaveAfter}, ${whole.events[leaveAfter - 1].type}`).toEqual(whole.weights);
    }
  });

  it("keeps the mean of the weights that the last epochs ended with, and measures it", async () => {
    const network = model();
    const given = await options({ epochs: 5, patience: 0, average: 3 });
    const memory = trainingMemory(network, given);
    const ends: Float32Array[] = [];
    let end: TrainEvent | undefined;
    for await (const event of train(task(network), data, given, memory)) {
      if (event.type === "epoch") ends.push(memory.weights.flat.slice());
      end = event;
    }
    const kept = memory.weights.flat;
    for (let i = 0; i < kept.length; i++) {
      expect(kept[i]).toBeCloseTo((ends[2][i] + ends[3][i] + ends[4][i]) / 3, 6);
    }
    const evaluator = await Evaluator.compile(given.engine, task(network), memory.weights);
    const validation = await evaluator.measure(data.valid);
    expect(end).toMatchObject({ type: "end", averaged: 3, validation });
  });

  it("averages all epochs where there are fewer", async () => {
    const { events } = await trained({ epochs: 2, patience: 0, average: 10 });
    expect(events[events.length - 1]).toMatchObject({ averaged: 2 });
  });

  it("moves an average of the weights, and shows that", async () => {
    const network = model();
    const given = await options({ epochs: 5, patience: 0, emaDecay: 0.6 });
    const memory = trainingMemory(network, given);
    const expected = Float64Array.from(memory.weights.flat);
    let shown: { step: number; loss: number } | undefined;
    for await (const event of train(task(network), data, given, memory)) {
      if (event.type === "step") {
        const keep = Math.min(0.6, event.step / (event.step + 9));
        memory.weights.flat.forEach((weight, i) => {
          expected[i] = keep * expected[i] + (1 - keep) * weight;
        });
        for (const [i, value] of memory.shown.flat.entries()) expect(value).toBeCloseTo(expected[i], 5);
      }
      if (event.type === "validation") shown = { step: event.step, loss: event.measured!.loss };
    }
    expect(memory.shown.flat).not.toEqual(memory.weights.flat);
    const last = await trained({ epochs: 5, patience: 0, keepWeights: "last" });
    const validations = last.events.filter((event) => event.type === "validation");
    expect(validations[4].step).toBe(shown!.step);
    expect(validations[4].measured!.loss).not.toBeCloseTo(shown!.loss, 5);
  });

  it("keeps the weights with the best answers where they are the metric", async () => {
    const scores = [10, 30, 20, 25, 5, 1];
    let asked = 0;
    const own = async () => ({ bleu: scores[asked++], chrf: 0 });
    const { events } = await trained({ metric: "bleu", own, patience: 3 });
    const validations = events.filter((event) => event.type === "validation");
    expect(validations.map(({ measured, best }) => [measured!.bleu, best])).toEqual([
      [10, true],
      [30, true],
      [20, false],
      [25, false],
      [5, false],
    ]);
    expect(events[events.length - 1]).toMatchObject({
      reason: "no improvement",
      keptStep: validations[1].step,
      validation: { bleu: 30 },
    });
    await expect(trained({ metric: "chrf" })).rejects.toThrow("the metric chrf wants the option own");
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
