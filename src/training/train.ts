import { lengthsOf, planBatches } from "../data/batch-plan.ts";
import { type Example, makeBatch } from "../data/batches.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import { Adam, type AdamOptions } from "../optim/adam.ts";
import { clipFactor, gradientNorm } from "../optim/clip.ts";
import type { Schedule } from "../optim/schedule.ts";
import type { Engine } from "../runtime/engine.ts";
import { TrainingMemory } from "../runtime/training-memory.ts";
import type { CheckpointStore, Progress } from "./checkpoint.ts";
import { Evaluator } from "./evaluate.ts";
import { addTally, type Measures, NO_TALLY, type TrainEvent } from "./events.ts";
import { type Tally, TrainStep } from "./train-step.ts";

/** What is learned from. */
export interface TrainData {
  readonly train: readonly Example[];
  /** Held out: measured after each epoch, and what "best" means. */
  readonly valid?: readonly Example[];
  readonly padId: number;
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
  readonly seed: number;
  readonly checkpoints?: CheckpointStore;
  /** Seconds between checkpoints inside an epoch; one is written after every epoch too. Default: 60. */
  readonly checkpointSeconds?: number;
}

/** The loss is no number. The last checkpoint is as it was. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";
}

/** The memory that training a model with these options takes, its weights drawn from the seed. */
export function trainingMemory(
  model: Seq2SeqModel,
  options: Pick<TrainOptions, "seed" | "accumulate">,
): TrainingMemory {
  return new TrainingMemory(model.parameters(), options.seed, { summed: (options.accumulate ?? 1) > 1 });
}

/**
 * Trains a model: `for await (const event of train(model, data, options))`. Leaving the loop stops the run and keeps
 * a checkpoint; a later call with the same data and options goes on from there and ends at the same bits.
 *
 * @param memory holds the weights: the latest while the loop stands at an event; after `end` those kept (the best by
 *   held-out loss, or the last)
 * @throws {DivergedError} when the loss becomes NaN or infinite
 */
export async function* train(
  model: Seq2SeqModel,
  data: TrainData,
  options: TrainOptions,
  memory: TrainingMemory = trainingMemory(model, options),
): AsyncGenerator<TrainEvent, void> {
  const { engine, labelSmoothing = 0, seed } = options;
  const step = await TrainStep.compile(engine, model, memory, { labelSmoothing, seed });
  const evaluator = data.valid?.length ? await Evaluator.compile(engine, model, memory.weights) : undefined;
  const run = new Run(data, options, memory, step, evaluator);
  try {
    yield* run.events(memory.weights.layout.count);
  } finally {
    await run.keep();
    await step.release();
    await evaluator?.release();
  }
}

class Run {
  readonly #data: TrainData;
  readonly #options: TrainOptions;
  readonly #memory: TrainingMemory;
  readonly #adam: Adam;
  readonly #step: TrainStep;
  readonly #evaluator: Evaluator | undefined;
  #at: Progress = { step: 0, epoch: 1, batches: 0, tally: NO_TALLY, sinceBest: 0 };
  /** Whether there is something that the last checkpoint does not have. */
  #unsaved = false;
  #savedAt = performance.now();

  constructor(
    data: TrainData,
    options: TrainOptions,
    memory: TrainingMemory,
    step: TrainStep,
    evaluator: Evaluator | undefined,
  ) {
    this.#data = data;
    this.#options = options;
    this.#memory = memory;
    this.#adam = new Adam(memory, options);
    this.#step = step;
    this.#evaluator = evaluator;
  }

  async *events(parameters: number): AsyncGenerator<TrainEvent, void> {
    const { epochs, patience = 0 } = this.#options;
    const stepsPerEpoch = this.#groups(this.#plan(1)).length;
    const totalSteps = this.#totalSteps();
    const schedule = this.#options.schedule(totalSteps);
    this.#at = (await this.#options.checkpoints?.load({ ...this.#buffers() })) ?? this.#at;
    const resumedAt = this.#at.step;
    const examples = this.#data.train.length;
    yield { type: "start", parameters, examples, epochs, stepsPerEpoch, totalSteps, resumedAt };

    let reason: "finished" | "no improvement" = "finished";
    const began = { step: resumedAt, time: performance.now() };
    while (this.#at.epoch <= epochs) {
      yield* this.#epoch(schedule, totalSteps, began);
      yield* this.#validate();
      this.#at = { ...this.#at, epoch: this.#at.epoch + 1, batches: 0, tally: NO_TALLY };
      yield await this.#save();
      if (patience > 0 && this.#at.sinceBest >= patience) {
        reason = "no improvement";
        break;
      }
    }
    const keptStep = this.#at.best?.step ?? this.#at.step;
    if (this.#at.best !== undefined) await this.#options.checkpoints?.loadBest(this.#memory.weights.flat);
    yield { type: "end", reason, epoch: Math.min(this.#at.epoch - 1, epochs), step: this.#at.step, keptStep };
  }

  /** Saves what is not saved yet; also when the caller leaves the loop. */
  async keep(): Promise<void> {
    if (this.#unsaved) await this.#save();
  }

  /** The rest of the epoch under way. */
  async *#epoch(schedule: Schedule, totalSteps: number, began: { step: number; time: number }) {
    const { epoch } = this.#at;
    const { epochExamples, train, padId } = this.#data;
    const examples = epochExamples?.(epoch) ?? train;
    const groups = this.#groups(this.#plan(epoch));
    const start = performance.now();
    const before = this.#at.tally.tokens;
    for (let group = this.#at.batches; group < groups.length; group++) {
      const batches = groups[group].map((indices) => makeBatch(examples, indices, padId));
      const { tally, learningRate, gradientNorm: norm } = await this.#update(batches, schedule);
      const step = this.#at.step + 1;
      this.#at = { ...this.#at, step, batches: group + 1, tally: addTally(this.#at.tally, tally) };
      this.#unsaved = true;
      const { loss, correct, tokens } = this.#at.tally;
      const now = performance.now();
      yield {
        type: "step" as const,
        epoch,
        step,
        loss: loss / tokens,
        accuracy: correct / tokens,
        learningRate,
        ...(norm === undefined ? {} : { gradientNorm: norm }),
        tokensPerSecond: ((tokens - before) * 1000) / (now - start),
        secondsLeft: ((now - began.time) / 1000 / (step - began.step)) * (totalSteps - step),
      };
      if (now - this.#savedAt > 1000 * (this.#options.checkpointSeconds ?? 60)) yield await this.#save();
    }
    const { loss, correct, tokens } = this.#at.tally;
    const seconds = (performance.now() - start) / 1000;
    yield {
      type: "epoch" as const,
      epoch,
      step: this.#at.step,
      loss: loss / tokens,
      accuracy: correct / tokens,
      seconds,
    };
  }

  /** One step of the optimizer, over the summed gradients of some batches. */
  async #update(batches: readonly ReturnType<typeof makeBatch>[], schedule: Schedule) {
    const { gradients, summed, kernels } = this.#memory;
    const step = this.#at.step + 1;
    let tally: Tally = NO_TALLY;
    summed?.fill(0);
    for (const [index, batch] of batches.entries()) {
      tally = addTally(tally, await this.#step.run(batch, step, index));
      if (summed !== undefined) kernels.addInto(summed.byteOffset, gradients.flat.byteOffset, summed.length);
    }
    const learningRate = schedule(step);
    if (!Number.isFinite(tally.loss)) throw this.#diverged(tally.loss, learningRate);
    const total = summed ?? gradients.flat;
    let scale = 1 / tally.tokens;
    const { clipNorm = 0 } = this.#options;
    let norm: number | undefined;
    if (clipNorm > 0) {
      norm = gradientNorm(kernels, total) * scale;
      if (!Number.isFinite(norm)) throw this.#diverged(norm, learningRate);
      scale *= clipFactor(norm, clipNorm);
    }
    this.#adam.update(total, step, learningRate, scale);
    return { tally, learningRate, gradientNorm: norm };
  }

  #diverged(value: number, rate: number): DivergedError {
    const { step, epoch, batches } = this.#at;
    this.#unsaved = false;
    return new DivergedError(
      `training: the loss became ${value} at step ${step + 1} (epoch ${epoch}, batch ${batches + 1}, learning rate ` +
        `${rate.toPrecision(3)}); the last checkpoint is kept. Try a lower learning rate, a longer warm-up or clipNorm 1`,
    );
  }

  async *#validate(): AsyncGenerator<TrainEvent, void> {
    let measured: Measures | undefined;
    let best = false;
    if (this.#evaluator !== undefined) {
      measured = await this.#evaluator.measure(this.#data.valid!, this.#data.padId);
      best = measured.loss < (this.#at.best?.loss ?? Number.POSITIVE_INFINITY);
      const { step } = this.#at;
      if (best) await this.#options.checkpoints?.saveBest(step, this.#memory.weights.flat);
      this.#at = {
        ...this.#at,
        ...(best ? { best: { loss: measured.loss, step } } : {}),
        sinceBest: best ? 0 : this.#at.sinceBest + 1,
      };
    }
    yield { type: "validation", epoch: this.#at.epoch, step: this.#at.step, ...(measured && { measured }), best };
  }

  async #save(): Promise<TrainEvent> {
    await this.#options.checkpoints?.save(this.#at, this.#buffers());
    this.#unsaved = false;
    this.#savedAt = performance.now();
    return { type: "checkpoint", step: this.#at.step };
  }

  #buffers() {
    const { weights, firstMoment, secondMoment } = this.#memory;
    return { weights: weights.flat, firstMoment, secondMoment };
  }

  #plan(epoch: number): Int32Array[] {
    const { batchSize, batchTokens, seed } = this.#options;
    const lengths = lengthsOf(this.#data.epochExamples?.(epoch) ?? this.#data.train);
    return planBatches(lengths, { batchSize, batchTokens, seed, epoch });
  }

  /** Batches that make one step of the optimizer together. */
  #groups(plan: readonly Int32Array[]): Int32Array[][] {
    const { accumulate = 1 } = this.#options;
    const groups: Int32Array[][] = [];
    for (let i = 0; i < plan.length; i += accumulate) groups.push(plan.slice(i, i + accumulate));
    return groups;
  }

  /** Steps of all epochs; epochs may differ a little where batches are made by tokens. */
  #totalSteps(): number {
    const { epochs, batchSize } = this.#options;
    if (batchSize !== undefined) return epochs * this.#groups(this.#plan(1)).length;
    return Array.from({ length: epochs }, (_, i) => this.#groups(this.#plan(i + 1)).length).reduce((a, b) => a + b, 0);
  }
}
