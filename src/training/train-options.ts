import type { AdamOptions } from "../optim/adam.ts";
import type { Schedule } from "../optim/schedule.ts";
import type { Engine } from "../runtime/engine.ts";
import type { CheckpointStore } from "./checkpoint.ts";

/** What is learned from. */
export interface TrainData<Example> {
  readonly train: readonly Example[];
  /** Held out: measured after each epoch, and what "best" means. */
  readonly valid?: readonly Example[];
  /**
   * The examples of an epoch, where they change from epoch to epoch, as with noise. They follow from the epoch alone
   * and are as many, in the same order, as `train`, which is the default.
   */
  readonly epochExamples?: (epoch: number) => readonly Example[];
}

/** How it is learned. */
export interface TrainOptions extends AdamOptions {
  readonly engine: Engine;
  readonly epochs: number;
  /** Sentences a batch; either this or `batchTokens`. */
  readonly batchSize?: number;
  /** Tokens a batch, padding included, source and target added up; either this or `batchSize`. */
  readonly batchTokens?: number;
  /** Batches that are cut from one window sorted by length. Default: 100. */
  readonly bucketWindow?: number;
  /** Batches whose gradients are summed for one step of the optimizer. Default: 1. */
  readonly accumulate?: number;
  /** Makes the learning rate of each step when the number of steps is known. */
  readonly schedule: (totalSteps: number) => Schedule;
  /** Default: 0. */
  readonly labelSmoothing?: number;
  /** The largest norm of all gradients together; 0, the default, for no limit. */
  readonly clipNorm?: number;
  /** Validations without a lower held-out loss before the run ends; 0, the default, for never. */
  readonly patience?: number;
  /** Whether the weights of the lowest held-out loss are kept at the end, or the last. Default: the best. */
  readonly keepWeights?: "best" | "last";
  readonly seed: number;
  readonly checkpoints?: CheckpointStore;
  /** Seconds between checkpoints inside an epoch; one is written after every epoch too. Default: 60. */
  readonly checkpointSeconds?: number;
}
