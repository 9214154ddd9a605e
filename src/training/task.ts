import type { ExampleLengths } from "../data/batch-plan.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Module } from "../nn/module.ts";
import type { Value } from "../runtime/value.ts";

/** What a model is taught, and by what examples: all that training needs to know of either. */
export interface Task<Example> {
  readonly model: Module;
  /** Cells, padding included, that a batch may have while measuring. */
  readonly measuredCells: number;
  /**
   * The sums over a batch, as a graph over the inputs that {@link batch} gives.
   *
   * @returns scalars: cross-entropy in nats, and how many predictions were right
   */
  sums(labelSmoothing: number): { loss: Tensor; correct: Tensor };
  /** The lengths that batches are planned by; `targets` are the predictions an example is scored on. */
  lengths(examples: readonly Example[]): ExampleLengths;
  /** Some examples as inputs of the graph. */
  batch(examples: readonly Example[], indices: ArrayLike<number>): TaskBatch;
  /** @throws when an example does not fit the model */
  check(example: Example): void;
}

/** Examples side by side. */
export interface TaskBatch {
  readonly feeds: Readonly<Record<string, Value>>;
  /** How many predictions are scored: real target tokens, or texts. */
  readonly tokens: number;
}
