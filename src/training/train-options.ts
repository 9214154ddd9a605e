import type { AdamOptions } from "../optim/adam.ts";
import type { Schedule } from "../optim/schedule.ts";
import type { Engine } from "../runtime/engine.ts";
import type { CheckpointStore } from "./checkpoint.ts";
import type { OwnScores } from "./events.ts";
import type { OpenStepGradients } from "./step-gradients.ts";

/** A measure by which validations are compared. */
export type Metric = "loss" | "accuracy" | "bleu" | "chrf";

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
  /** How the gradients of a step are computed. Default: its batches one after another, by the engine. */
  readonly stepGradients?: OpenStepGradients;
  /** Makes the learning rate of each step when the number of steps is known. */
  readonly schedule: (totalSteps: number) => Schedule;
  /** Default: 0. */
  readonly labelSmoothing?: number;
  /** The largest norm of all gradients together; 0, the default, for no limit. */
  readonly clipNorm?: number;
  /** What tells how good a validation is. Default: the loss, of which less is better. */
  readonly metric?: Metric;
  /** Measures the model's own answers to what is held out, with the weights in `memory.shown`; BLEU and chrF want it. */
  readonly own?: () => Promise<OwnScores>;
  /** Validations without a better one before the run ends; 0, the default, for never. */
  readonly patience?: number;
  /** Whether the weights of the best validation are kept at the end, or the last. Default: the best. */
  readonly keepWeights?: "best" | "last";
  /** Keeps the mean of the weights at the ends of so many last epochs instead, if more than 1. Default: 1. */
  readonly average?: number;
  /** Share that a moving average of the weights keeps at each step; 0, the default, for none. */
  readonly emaDecay?: number;
  readonly seed: number;
  readonly checkpoints?: CheckpointStore;
  /** Seconds between checkpoints inside an epoch; one is written after every epoch too. Default: 60. */
  readonly checkpointSeconds?: number;
}
