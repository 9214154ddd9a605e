import type { Measures } from "./events.ts";
import type { Tally } from "./train-step.ts";

/** Where a run stands. With the options and the data of the run it determines everything that follows. */
export interface Progress {
  /** Steps of the optimizer done. */
  readonly step: number;
  /** The epoch under way, counted from 1. */
  readonly epoch: number;
  /** Steps of this epoch done. */
  readonly stepsOfEpoch: number;
  /** Sums over this epoch so far. */
  readonly tally: Tally;
  /** What the last whole epoch measured, with dropout. */
  readonly training?: Measures;
  /** What the last validation measured. */
  readonly validation?: Measures;
  /** The validation with the lowest held-out loss, and its step. */
  readonly best?: { readonly step: number; readonly measures: Measures };
  /** Validations since then. */
  readonly sinceBest: number;
}

/** The flat buffers of a run. */
export interface Buffers {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** Where checkpoints are kept. */
export interface CheckpointStore {
  /** Fills the buffers from the last checkpoint and tells where it stood; `undefined` where there is none. */
  load(buffers: Buffers): Promise<Progress | undefined>;
  /** Keeps this state as the last. All or nothing: a crash leaves the one before. */
  save(progress: Progress, buffers: Buffers): Promise<void>;
  /** Keeps these weights as the best. */
  saveBest(step: number, weights: Float32Array): Promise<void>;
  /** The best weights, into this buffer. */
  loadBest(weights: Float32Array): Promise<void>;
}
