import { type ExampleLengths, planBatches } from "../data/batch-plan.ts";
import type { Module } from "../nn/module.ts";
import { Adam } from "../optim/adam.ts";
import { clipFactor, gradientNorm } from "../optim/clip.ts";
import type { Schedule } from "../optim/schedule.ts";
import { TrainingMemory } from "../runtime/training-memory.ts";
import type { Buffers, Progress } from "./checkpoint.ts";
import { Evaluator } from "./evaluate.ts";
import { addTally, measuresOf, NO_TALLY, type TrainEvent, type ValidationEvent } from "./events.ts";
import type { Task, TaskBatch } from "./task.ts";
import type { TrainData, TrainOptions } from "./train-options.ts";
import { type Tally, TrainStep } from "./train-step.ts";

/** A loss or a gradient is no number. The last checkpoint is as it was. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";
}

/** The memory that training a model with these options takes, its weights drawn from the seed. */
export function trainingMemory(model: Module, options: Pick<TrainOptions, "seed" | "accumulate">): TrainingMemory {
  return new TrainingMemory(model.parameters(), options.seed, { summed: (options.accumulate ?? 1) > 1 });
}

/**
 * Trains the model of a task: `for await (const event of train(task, data, options))`. Leaving the loop stops the run and keeps
 * a checkpoint; a later call with the same data and options goes on from there and ends at the same bits.
 *
 * @param memory holds the weights: the latest while the loop stands at an event; after `end` those kept (the best by
 *   held-out loss, or the last)
 * @throws {DivergedError} when a loss or a gradient becomes NaN or infinite
 */
export async function* train<Example>(
  task: Task<Example>,
  data: TrainData<Example>,
  options: TrainOptions,
  memory: TrainingMemory = trainingMemory(task.model, options),
): AsyncGenerator<TrainEvent, void> {
  const { engine, labelSmoothing = 0, seed } = options;
  for (const example of [...data.train, ...(data.valid ?? [])]) task.check(example);
  if ((options.accumulate ?? 1) > 1 && memory.summed === undefined) {
    throw new Error("train: accumulate wants a memory with room for sums; make it with trainingMemory");
  }
  const step = await TrainStep.compile(engine, task, memory, { labelSmoothing, seed });
  const evaluator = data.valid?.length ? await Evaluator.compile(engine, task, memory.weights) : undefined;
  const run = new Run(task, data, options, memory, step, evaluator);
  try {
    yield* run.events(memory.weights.layout.count);
  } finally {
    try {
      await run.keep();
    } finally {
      await step.release();
      await evaluator?.release();
    }
  }
}

/** The run begins: nothing is done. */
const BEGINNING: Progress = { step: 0, epoch: 1, stepsOfEpoch: 0, tally: NO_TALLY, sinceBest: 0 };

class Run<Example> {
  readonly #task: Task<Example>;
  readonly #data: TrainData<Example>;
  readonly #options: TrainOptions;
  readonly #memory: TrainingMemory;
  readonly #adam: Adam;
  readonly #step: TrainStep;
  readonly #evaluator: Evaluator<Example> | undefined;
  readonly #lengths: ExampleLengths;
  /** Of an average step. Gradients are divided by it, not by the step's own: so every token weighs the same. */
  readonly #tokensPerStep: number;
  #at = BEGINNING;
  /** The best weights, where there is no store to keep them. */
  #best: Float32Array | undefined;
  /** Whether there is something that the last checkpoint does not have. */
  #unsaved = false;
  #savedAt = performance.now();

  constructor(
    task: Task<Example>,
    data: TrainData<Example>,
    options: TrainOptions,
    memory: TrainingMemory,
    step: TrainStep,
    evaluator: Evaluator<Example> | undefined,
  ) {
    this.#task = task;
    this.#data = data;
    this.#options = options;
    this.#memory = memory;
    this.#adam = new Adam(memory, options);
    this.#step = step;
    this.#evaluator = evaluator;
    this.#lengths = task.lengths(data.train);
    this.#tokensPerStep = this.#lengths.targets.reduce((sum, length) => sum + length, 0) / this.#plan(1).length;
  }

  async *events(parameters: number): AsyncGenerator<TrainEvent, void> {
    const { epochs, checkpoints } = this.#options;
    const stepsPerEpoch = this.#plan(1).length;
    const totalSteps = this.#totalSteps();
    const schedule = this.#options.schedule(totalSteps);
    this.#at = (await checkpoints?.load(this.#buffers())) ?? BEGINNING;
    const resumedAt = this.#at.step;
    const examples = this.#data.train.length;
    yield { type: "start", parameters, examples, epochs, stepsPerEpoch, totalSteps, resumedAt };

    const began = { step: resumedAt, time: performance.now() };
    while (this.#at.epoch <= epochs && !this.#exhausted()) {
      yield* this.#epoch(schedule, totalSteps, began);
      yield await this.#validate();
      yield await this.#save();
    }
    const { step, epoch, training, validation } = this.#at;
    const best = this.#options.keepWeights === "last" ? undefined : this.#at.best;
    if (best !== undefined) await this.#restoreBest();
    yield {
      type: "end",
      reason: this.#exhausted() ? "no improvement" : "finished",
      epoch: epoch - 1,
      step,
      keptStep: best?.step ?? step,
      ...(training && { training }),
      ...((best?.measures ?? validation) && { validation: best?.measures ?? validation }),
    };
  }

  /** Saves what is not saved yet; also when the caller leaves the loop. */
  async keep(): Promise<void> {
    if (this.#unsaved) await this.#save();
  }

  #exhausted(): boolean {
    const { patience = 0 } = this.#options;
    return patience > 0 && this.#at.sinceBest >= patience;
  }

  /** The rest of the epoch under way. */
  async *#epoch(schedule: Schedule, totalSteps: number, began: { step: number; time: number }) {
    const { epoch } = this.#at;
    const { epochExamples, train } = this.#data;
    const examples = epochExamples?.(epoch) ?? train;
    const start = performance.now();
    const before = this.#at.tally.tokens;
    for (const group of this.#plan(epoch).slice(this.#at.stepsOfEpoch)) {
      const batches = group.map((indices) => this.#task.batch(examples, indices));
      const { tally, ...update } = await this.#update(batches, schedule);
      const step = this.#at.step + 1;
      const stepsOfEpoch = this.#at.stepsOfEpoch + 1;
      this.#at = { ...this.#at, step, stepsOfEpoch, tally: addTally(this.#at.tally, tally) };
      this.#unsaved = true;
      const { loss, accuracy, tokens } = measuresOf(this.#at.tally);
      const now = performance.now();
      yield {
        type: "step" as const,
        epoch,
        step,
        loss,
        accuracy,
        ...update,
        tokensPerSecond: ((tokens - before) * 1000) / (now - start),
        secondsLeft: ((now - began.time) / 1000 / (step - began.step)) * (totalSteps - step),
      };
      if (now - this.#savedAt > 1000 * (this.#options.checkpointSeconds ?? 60)) yield await this.#save();
    }
    const { loss, accuracy } = measuresOf(this.#at.tally);
    const seconds = (performance.now() - start) / 1000;
    yield { type: "epoch" as const, epoch, step: this.#at.step, loss, accuracy, seconds };
  }

  /** One step of the optimizer, over the summed gradients of some batches. */
  async #update(batches: readonly TaskBatch[], schedule: Schedule) {
    const { gradients, summed, kernels } = this.#memory;
    const step = this.#at.step + 1;
    const learningRate = schedule(step);
    let tally: Tally = NO_TALLY;
    summed?.fill(0);
    for (const [part, batch] of batches.entries()) {
      tally = addTally(tally, await this.#step.run(batch, step, part));
      if (summed !== undefined) kernels.addInto(summed.byteOffset, gradients.flat.byteOffset, summed.length);
    }
    const total = summed ?? gradients.flat;
    const norm = gradientNorm(kernels, total) / this.#tokensPerStep;
    if (!Number.isFinite(tally.loss)) throw this.#diverged("loss", tally.loss, learningRate);
    if (!Number.isFinite(norm)) throw this.#diverged("norm of the gradients", norm, learningRate);
    const { clipNorm = 0 } = this.#options;
    const clip = clipNorm > 0 ? clipFactor(norm, clipNorm) : 1;
    this.#adam.update(total, step, learningRate, clip / this.#tokensPerStep);
    return { tally, learningRate, gradientNorm: norm };
  }

  #diverged(what: string, value: number, rate: number): DivergedError {
    const { step, epoch, stepsOfEpoch } = this.#at;
    this.#unsaved = false;
    return new DivergedError(
      `training: the ${what} became ${value} at step ${step + 1} (epoch ${epoch}, batch ${stepsOfEpoch + 1}, learning ` +
        `rate ${rate.toPrecision(3)}); the last checkpoint is kept. Start anew with a lower learning rate, a longer ` +
        "warm-up or clipNorm 1",
    );
  }

  /** Ends the epoch: measures it, and moves on before telling, so that it is never measured twice. */
  async #validate(): Promise<ValidationEvent> {
    const { step, epoch, tally, best: before } = this.#at;
    const measured = await this.#evaluator?.measure(this.#data.valid!);
    if (measured !== undefined && !Number.isFinite(measured.loss)) {
      throw this.#diverged("held-out loss", measured.loss, this.#options.schedule(this.#totalSteps())(step));
    }
    const lowest = before?.measures.loss ?? Number.POSITIVE_INFINITY;
    const best = measured !== undefined && measured.loss < lowest;
    if (best) await this.#keepBest(step);
    this.#at = {
      step,
      epoch: epoch + 1,
      stepsOfEpoch: 0,
      tally: NO_TALLY,
      training: measuresOf(tally),
      ...(measured && { validation: measured }),
      ...(best ? { best: { step, measures: measured } } : before && { best: before }),
      sinceBest: best || measured === undefined ? 0 : this.#at.sinceBest + 1,
    };
    this.#unsaved = true;
    return { type: "validation", epoch, step, ...(measured && { measured }), best };
  }

  async #keepBest(step: number): Promise<void> {
    const { checkpoints, keepWeights } = this.#options;
    if (keepWeights === "last") return;
    if (checkpoints !== undefined) await checkpoints.saveBest(step, this.#memory.weights.flat);
    else this.#best = this.#memory.weights.flat.slice();
  }

  async #restoreBest(): Promise<void> {
    if (this.#best !== undefined) this.#memory.weights.flat.set(this.#best);
    else await this.#options.checkpoints?.loadBest(this.#memory.weights.flat);
  }

  async #save(): Promise<TrainEvent> {
    await this.#options.checkpoints?.save(this.#at, this.#buffers());
    this.#unsaved = false;
    this.#savedAt = performance.now();
    return { type: "checkpoint", step: this.#at.step };
  }

  #buffers(): Buffers {
    const { weights, firstMoment, secondMoment } = this.#memory;
    return { weights: weights.flat, firstMoment, secondMoment };
  }

  /** The batches of each step of an epoch. */
  #plan(epoch: number): Int32Array[][] {
    const { batchSize, batchTokens, bucketWindow, seed, accumulate = 1 } = this.#options;
    const batches = planBatches(this.#lengths, { batchSize, batchTokens, bucketWindow, seed, epoch });
    const steps: Int32Array[][] = [];
    for (let i = 0; i < batches.length; i += accumulate) steps.push(batches.slice(i, i + accumulate));
    return steps;
  }

  /** Steps of all epochs; epochs may differ a little where batches are made by tokens. */
  #totalSteps(): number {
    const { epochs, batchSize } = this.#options;
    if (batchSize !== undefined) return epochs * this.#plan(1).length;
    return Array.from({ length: epochs }, (_, i) => this.#plan(i + 1).length).reduce((a, b) => a + b, 0);
  }
}
