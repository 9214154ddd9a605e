import type { Slot } from "../runtime/parameters.ts";
import type { StepProgram } from "./step-program.ts";
import type { TaskBatch } from "./task.ts";
import type { Tally, TrainStep } from "./train-step.ts";

/** What the threads that compute the batches of a step side by side have in common. */
export interface Shared {
  /** The weights of the step, as one flat array. */
  readonly weights: Float32Array;
  /** The gradients of each batch. */
  readonly gradients: readonly Float32Array[];
  /** How many batches of the step are taken. */
  readonly taken: Int32Array;
}

/** What a thread is started with. */
export interface ReplicaData {
  readonly program: StepProgram;
  readonly slots: readonly Slot[];
  readonly seed: number;
  readonly threads: number;
  readonly shared: Shared;
}

/** A step for a thread to take part in. */
export interface ReplicaOrder {
  readonly step: number;
  readonly batches: readonly TaskBatch[];
  /** Batches in the order in which they are taken. */
  readonly turns: readonly number[];
}

/** The tallies of the batches that a thread has taken, by their place in the step. */
export type Tallies = [part: number, tally: Tally][];

/** What a thread tells. */
export type ReplicaReport =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly tallies: Tallies }
  | { readonly type: "failed"; readonly error: Error };

/** Takes batches of a step until none is left. Which thread takes which does not matter: each writes where it belongs. */
export async function takeBatches(
  trainStep: TrainStep,
  gradients: Float32Array,
  shared: Shared,
  { step, batches, turns }: ReplicaOrder,
): Promise<Tallies> {
  const tallies: Tallies = [];
  for (;;) {
    const turn = Atomics.add(shared.taken, 0, 1);
    if (turn >= turns.length) return tallies;
    const part = turns[turn];
    tallies.push([part, await trainStep.run(batches[part], step, part)]);
    shared.gradients[part].set(gradients);
  }
}
