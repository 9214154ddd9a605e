import { noam } from "../../src/optim/schedule.ts";

/** The learning rate at so many points of a run, evenly from step 1 to the last. */
export function rates(run: { dModel: number; warmupSteps: number; lastStep: number; points: number }) {
  const rate = noam(run.dModel, run.warmupSteps);
  return Array.from({ length: run.points }, (_, i) => {
    const step = 1 + ((run.lastStep - 1) * i) / (run.points - 1);
    return { step, rate: rate(step) };
  });
}

/** The highest rate, `1 / √(d · w)`, reached at the last step of the warm-up. */
export function peakRate(dModel: number, warmupSteps: number): number {
  return noam(dModel, warmupSteps)(warmupSteps);
}
