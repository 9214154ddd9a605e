import type { Engine } from "../runtime/engine.ts";
import type { TrainingMemory } from "../runtime/training-memory.ts";
import { addTally, NO_TALLY } from "./events.ts";
import type { StepProgram } from "./step-program.ts";
import type { TaskBatch } from "./task.ts";
import { type Tally, TrainStep } from "./train-step.ts";

/** Computes the gradients of a step of the optimizer, over one batch or several. */
export interface StepGradients {
  /**
   * Leaves the gradients, summed over the batches in their order, in `memory.summed`; of a single batch, where memory has
   * no room for sums, in `memory.gradients`.
   */
  run(batches: readonly TaskBatch[], step: number): Promise<Tally>;
  release(): Promise<void>;
}

/** Makes a step's gradients computable. */
export type OpenStepGradients = (program: StepProgram, memory: TrainingMemory, seed: number) => Promise<StepGradients>;

/** The batches of a step one after another, in this thread. */
export function batchesInTurn(engine: Engine): OpenStepGradients {
  return async (program, memory, seed) => {
    const trainStep = await TrainStep.load(engine, program, memory, seed);
    return {
      async run(batches, step) {
        let tally: Tally = NO_TALLY;
        memory.summed?.fill(0);
        for (const [part, batch] of batches.entries()) {
          tally = addTally(tally, await trainStep.run(batch, step, part));
          addGradients(memory);
        }
        return tally;
      },
      release: () => trainStep.release(),
    };
  };
}

/** Adds the gradients of a batch to the sum. */
export function addGradients({ summed, gradients, kernels }: TrainingMemory): void {
  if (summed !== undefined) kernels.addInto(summed.byteOffset, gradients.flat.byteOffset, summed.length);
}
