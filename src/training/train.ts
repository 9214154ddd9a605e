import { type ExampleLengths, planSteps } from "../data/batch-plan.ts";
import type { Module } from "../nn/module.ts";
import { Adam } from "../optim/adam.ts";
import { clipFactor, gradientNorm } from "../optim/clip.ts";
import type { Schedule } from "../optim/schedule.ts";
import { TrainingMemory } from "../runtime/training-memory.ts";
import { type Buffers, type CheckpointStore, PassingStore, type Progress } from "./checkpoint.ts";
import { Evaluator } from "./evaluate.ts";
import { addTally, measuresOf, NO_TALLY, type TrainEvent, type Validation, type ValidationEvent } from "./events.ts";
import { KeptWeights } from "./kept-weights.ts";
import { batchesInTurn, type StepGradients } from "./step-gradients.ts";
import { stepProgram } from "./step-program.ts";
import type { Task, TaskBatch } from "./task.ts";
import type { TrainData, TrainOptions } from "./train-options.ts";

/** A loss or a gradient is no number. The last checkpoint is as it was. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";
}

/** The memory that training a model with these options takes, its weights drawn from the seed. */
export function trainingMemory(
  model: Module,
  { seed, accumulate = 1, emaDecay = 0 }: Pick<TrainOptions, "seed" | "accumulate" | "emaDecay">,
): TrainingMemory {
  return new TrainingMemory(model.parameters(), seed, { summed: accumulate > 1, averaged: emaDecay > 0 });
}

/**
 * Trains the model of a task: `for await (const event of train(task, data, options))`. Leaving the loop stops the run and keeps
 * a checkpoint; a later call with the same data and options goes on from there and ends at the same bits.
 *
 * @param memory holds the weights, those to be used in `shown`: the latest while the loop stands at an event; after `end`
 *   those kept (of the best validation, the mean of the last epochs', or the last)
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
  if ((options.emaDecay ?? 0) > 0 && memory.averaged === undefined) {
    throw new Error("train: emaDecay wants a memory with room for the average; make it with trainingMemory");
  }
  const open = options.stepGradients ?? batchesInTurn(engine);
  const step = await open(stepProgram(task, labelSmoothing), memory, seed);
  const evaluator = data.valid?.length ? await Evaluator.compile(engine, task, memory.shown) : undefined;
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

/** The first step with the highest learning rate. */
function peakOf(schedule: Schedule, totalSteps: number): number {
  let peak = 1;
  for (let step = 2; step <= totalSteps; step++) if (schedule(step) > schedule(peak)) peak = step;
  return peak;
}

class Run<Example> {
  readonly #task: Task<Example>;
  readonly #data: TrainData<Example>;
  readonly #options: TrainOptions;
  readonly #memory: TrainingMemory;
  readonly #adam: Adam;
  readonly #step: StepGradients;
  readonly #evaluator: Evaluator<Example> | undefined;
  readonly #lengths: ExampleLengths;
  /** Mean target tokens a step. Dividing by this constant instead of each step's own count gives every token the same weight. */
  readonly #tokensPerStep: number;
  readonly #checkpoints: CheckpointStore;
  readonly #kept: KeptWeights;
  #at = BEGINNING;
  /** Whether there is something that the last checkpoint does not have. */
  #unsaved = false;
  #savedAt = performance.now();

  constructor(
    task: Task<Example>,
    data: TrainData<Example>,
    options: TrainOptions,
    memory: TrainingMemory,
    step: StepGradients,
    evaluator: Evaluator<Example> | undefined,
  ) {
    this.#task = task;
    this.#data = data;
    this.#options = options;
    this.#memory = memory;
    this.#adam = new Adam(memory, options);
    this.#step = step;
    this.#evaluator = evaluator;
    this.#checkpoints = options.checkpoints ?? new PassingStore();
    this.#kept = new KeptWeights(memory.shown.flat, this.#checkpoints, options);
    this.#lengths = task.lengths(data.train);
    this.#tokensPerStep = this.#lengths.targets.reduce((sum, length) => sum + length, 0) / this.#plan(1).length;
  }

  async *events(parameters: number): AsyncGenerator<TrainEvent, void> {
    const { epochs } = this.#options;
    const stepsPerEpoch = this.#plan(1).length;
    const totalSteps = this.#totalSteps();
    const schedule = this.#options.schedule(totalSteps);
    this.#at = (await this.#checkpoints.load(this.#buffers())) ?? BEGINNING;
    const resumedAt = this.#at.step;
    const examples = this.#data.train.length;
    const peakStep = peakOf(schedule, totalSteps);
    const extent = { parameters, examples, epochs, stepsPerEpoch, totalSteps, peakStep, resumedAt };
    yield { type: "start", ...extent, epoch: this.#at.epoch };

    const began = { step: resumedAt, time: performance.now() };
    while (this.#at.epoch <= epochs && !this.#exhausted()) {
      yield* this.#epoch(schedule, totalSteps, began);
      yield await this.#validate();
      yield await this.#save();
    }
    const kept = await this.#kept.choose(this.#at);
    const validation = kept.averaged === undefined ? kept.measures : await this.#measured();
    const { step, epoch, training } = this.#at;
    yield {
      type: "end",
      reason: this.#exhausted() ? "no improvement" : "finished",
      epoch: epoch - 1,
      step,
      keptStep: kept.step,
      ...(kept.averaged !== undefined && { averaged: kept.averaged }),
      ...(training && { training }),
      ...(validation && { validation }),
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
    const tally = await this.#step.run(batches, step);
    const total = summed ?? gradients.flat;
    const norm = gradientNorm(kernels, total) / this.#tokensPerStep;
    if (!Number.isFinite(tally.loss)) throw this.#diverged("loss", tally.loss, learningRate);
    if (!Number.isFinite(norm)) throw this.#diverged("norm of the gradients", norm, learningRate);
    const { clipNorm = 0 } = this.#options;
    const clip = clipNorm > 0 ? clipFactor(norm, clipNorm) : 1;
    this.#adam.update(total, step, learningRate, clip / this.#tokensPerStep);
    this.#moveAverage(step);
    return { tally, learningRate, gradientNorm: norm };
  }

  /** In the first steps it keeps less, so that the weights drawn by chance are soon forgotten. */
  #moveAverage(step: number): void {
    const { weights, averaged, kernels } = this.#memory;
    if (averaged === undefined) return;
    const keep = Math.min(this.#options.emaDecay!, step / (step + 9));
    kernels.average(averaged.flat.byteOffset, weights.flat.byteOffset, weights.flat.length, keep);
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
    const measured = await this.#measured();
    if (measured !== undefined && !Number.isFinite(measured.loss)) {
      throw this.#diverged("held-out loss", measured.loss, this.#options.schedule(this.#totalSteps())(step));
    }
    const best = measured !== undefined && this.#kept.isBetter(measured, before?.measures);
    await this.#kept.endEpoch({ step, epoch, best });
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

  /** What the weights measure on what is held out, if anything is. */
  async #measured(): Promise<Validation | undefined> {
    if (this.#evaluator === undefined) return undefined;
    return { ...(await this.#evaluator.measure(this.#data.valid!)), ...(await this.#options.own?.()) };
  }

  async #save(): Promise<TrainEvent> {
    await this.#checkpoints.save(this.#at, this.#buffers());
    this.#unsaved = false;
    this.#savedAt = performance.now();
    return { type: "checkpoint", step: this.#at.step };
  }

  #buffers(): Buffers {
    const { weights, firstMoment, secondMoment, averaged } = this.#memory;
    return { weights: weights.flat, firstMoment, secondMoment, ...(averaged && { averaged: averaged.flat }) };
  }

  /** The batches of each step of an epoch. */
  #plan(epoch: number): Int32Array[][] {
    const { batchSize, batchTokens, bucketWindow, seed, accumulate } = this.#options;
    return planSteps(this.#lengths, { batchSize, batchTokens, bucketWindow, accumulate, seed, epoch });
  }

  /** Steps of all epochs; epochs may differ a little where batches are made by tokens. */
  #totalSteps(): number {
    const { epochs, batchSize } = this.#options;
    if (batchSize !== undefined) return epochs * this.#plan(1).length;
    return Array.from({ length: epochs }, (_, i) => this.#plan(i + 1).length).reduce((a, b) => a + b, 0);
  }
}
