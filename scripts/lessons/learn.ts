import { cosine } from "../../src/optim/schedule.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import type { FlatValues } from "../../src/runtime/parameters.ts";
import type { Task } from "../../src/training/task.ts";
import { train, trainingMemory } from "../../src/training/train.ts";

/** What a tiny model is trained with. */
export interface Learning<Example> {
  readonly task: Task<Example>;
  readonly examples: readonly Example[];
  readonly epochs: number;
  readonly batchSize: number;
  /** The highest learning rate. */
  readonly peak: number;
  readonly seed: number;
}

/** A trained model's weights and what they reached. */
export interface Learnt {
  readonly weights: FlatValues;
  /** Mean cross-entropy in nats over the last epoch. */
  readonly loss: number;
  readonly steps: number;
}

/** Trains a tiny model to the end of its epochs. */
export async function learn<Example>(engine: Engine, learning: Learning<Example>): Promise<Learnt> {
  const { task, examples, epochs, batchSize, peak, seed } = learning;
  const memory = trainingMemory(task.model, { seed });
  const schedule = (totalSteps: number) => cosine({ peak, warmupSteps: 40, totalSteps });
  const options = { engine, epochs, batchSize, schedule, seed, clipNorm: 1, keepWeights: "last" } as const;
  let [loss, steps] = [Number.NaN, 0];
  for await (const event of train(task, { train: examples }, options, memory)) {
    if (event.type === "epoch") [loss, steps] = [event.loss, event.step];
  }
  return { weights: memory.shown, loss, steps };
}
