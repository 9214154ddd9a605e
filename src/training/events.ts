import type { Tally } from "./train-step.ts";

/** A run begins, or goes on. */
export interface StartEvent {
  readonly type: "start";
  readonly parameters: number;
  readonly examples: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** The step at which the learning rate is highest. */
  readonly peakStep: number;
  /** Steps done before, in a run that goes on; else 0. */
  readonly resumedAt: number;
  /** The epoch under way, from 1; one more than `epochs` where all are over. */
  readonly epoch: number;
}

/** The optimizer has moved the weights once. */
export interface StepEvent {
  readonly type: "step";
  readonly epoch: number;
  readonly step: number;
  /** Mean over the epoch so far, in nats a real token, with dropout. */
  readonly loss: number;
  /** Share of right tokens over the epoch so far. */
  readonly accuracy: number;
  readonly learningRate: number;
  /** Norm of all gradients before clipping. */
  readonly gradientNorm: number;
  /** Real target tokens a second, over the epoch so far. */
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
}

/** All examples were seen once more. */
export interface EpochEvent {
  readonly type: "epoch";
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly seconds: number;
}

/** The epoch's weights were measured on held-out examples, if there are any. */
export interface ValidationEvent {
  readonly type: "validation";
  readonly epoch: number;
  readonly step: number;
  readonly measured?: Validation;
  /** Whether this is the best so far. */
  readonly best: boolean;
}

/** State was saved; a run can go on from here. */
export interface CheckpointEvent {
  readonly type: "checkpoint";
  readonly step: number;
}

/** The run is over. */
export interface EndEvent {
  readonly type: "end";
  readonly reason: "finished" | "no improvement";
  readonly epoch: number;
  readonly step: number;
  /** The step whose weights are kept. */
  readonly keptStep: number;
  /** How many epochs' weights the kept ones are the mean of, where they are. */
  readonly averaged?: number;
  /** The last epoch, with dropout. */
  readonly training?: Measures;
  /** The weights kept, on held-out examples. */
  readonly validation?: Validation;
}

export type TrainEvent = StartEvent | StepEvent | EpochEvent | ValidationEvent | CheckpointEvent | EndEvent;

/** What is measured of a model on examples, without dropout and label smoothing. */
export interface Measures {
  /** Cross-entropy in nats a real target token. */
  readonly loss: number;
  /** e to the loss. */
  readonly perplexity: number;
  /** Share of real target tokens that had the highest logit. */
  readonly accuracy: number;
  readonly tokens: number;
}

/** Scores of the greedy answers to what is held out, `0 … 100`, where they are wanted. */
export interface OwnScores {
  readonly bleu?: number;
  readonly chrf?: number;
}

/** What is measured of a model on what is held out. */
export interface Validation extends Measures, OwnScores {}

/** The measures that sums over tokens give. */
export function measuresOf({ loss, correct, tokens }: Tally): Measures {
  return { loss: loss / tokens, perplexity: Math.exp(loss / tokens), accuracy: correct / tokens, tokens };
}

/** Adds sums of a further batch. */
export function addTally(total: Tally, more: Tally): Tally {
  return { loss: total.loss + more.loss, correct: total.correct + more.correct, tokens: total.tokens + more.tokens };
}

export const NO_TALLY: Tally = { loss: 0, correct: 0, tokens: 0 };
