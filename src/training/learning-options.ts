import { z } from "zod";
import { constant, cosine, inverseSqrt, linear, noam, type Schedule } from "../optim/schedule.ts";

/** A whole number from 1 on. */
export const count = z.int().positive();

/** From 0 to below 1. */
export const share = z.number().min(0).lt(1);

/** How a model of any kind is trained. */
export const learningShape = {
  epochs: count.describe("times every example is seen"),
  batchSize: count.optional().describe("examples a batch; or batchTokens"),
  batchTokens: count.optional().describe("tokens a batch, padding included; or batchSize"),
  bucketWindow: count.describe("batches cut from one window sorted by length; fewer mix better and pad more"),
  accumulate: count.describe("batches summed for one step of the optimizer, computed side by side on several cores"),
  optimizer: z.enum(["adam", "adamw"]).describe("adamw adds weight decay"),
  weightDecay: z.number().min(0).describe("of adamw"),
  beta2: share.describe("of Adam: how long squares of gradients are remembered"),
  epsilon: z.number().positive().describe("of Adam: added where it divides"),
  epsilonHat: z.boolean().describe("epsilon is added before the correction of bias, as in Keras, not after it"),
  schedule: z.enum(["noam", "inverse-sqrt", "linear", "cosine", "constant"]).describe("how the learning rate moves"),
  learningRate: z.number().positive().describe("the highest rate; for noam a factor on the paper's formula"),
  warmupSteps: z.int().min(0).describe("steps until the highest rate"),
  labelSmoothing: share.describe("share of the target probability spread over all tokens or classes"),
  clipNorm: z.number().min(0).describe("largest norm of the gradients; 0 for no limit"),
  patience: z.int().min(0).describe("validations without improvement before stopping; 0 for never"),
  keepWeights: z.enum(["best", "last"]).describe("the weights of the best validation, or the last"),
  average: count.describe("keep the mean of the weights at the ends of so many last epochs; 1 for keepWeights alone"),
  emaDecay: share.describe("use a moving average of the weights that keeps this share at each step; 0 for none"),
  validFraction: share.describe("share of the examples held out for validation"),
  seed: z.int().min(0).describe("of weights, dropout, order and split"),
};

/** Options of {@link learningShape} with their values. */
export type LearningOptions = z.infer<z.ZodObject<typeof learningShape>>;

/** Of `batchSize` and `batchTokens` there is one. */
export function hasOneBatchRule({ batchSize, batchTokens }: Pick<LearningOptions, "batchSize" | "batchTokens">) {
  return (batchSize === undefined) !== (batchTokens === undefined);
}

/** What to say where there is not. */
export const ONE_BATCH_RULE = { error: "give one of batchSize and batchTokens", path: ["batchSize"] };

/** The heads of a Transformer divide its width. */
export function hasFittingHeads(options: { model: string; numHeads: number; dModel: number }) {
  return options.model !== "transformer" || options.dModel % options.numHeads === 0;
}

/** What to say where they do not. */
export const FITTING_HEADS = { error: "must divide dModel", path: ["numHeads"] };

/** The formula of the paper wants a warm-up. */
export function hasWarmup({ schedule, warmupSteps }: Pick<LearningOptions, "schedule" | "warmupSteps">) {
  return schedule !== "noam" || warmupSteps > 0;
}

/** What to say where there is none. */
export const WARMUP = { error: "noam wants at least one step", path: ["warmupSteps"] };

/**
 * The schedule that the options name.
 *
 * @param dModel the width that the paper's formula has the rate depend on
 */
export function scheduleOf(options: LearningOptions, dModel: number): (totalSteps: number) => Schedule {
  const { schedule, learningRate: peak, warmupSteps } = options;
  return (totalSteps) => {
    switch (schedule) {
      case "noam":
        return noam(dModel, warmupSteps, peak);
      case "inverse-sqrt":
        return inverseSqrt({ peak, warmupSteps });
      case "linear":
        return linear({ peak, warmupSteps, totalSteps });
      case "cosine":
        return cosine({ peak, warmupSteps, totalSteps });
      case "constant":
        return constant({ peak, warmupSteps });
    }
  };
}
