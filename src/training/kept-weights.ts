import type { CheckpointStore, Progress } from "./checkpoint.ts";
import type { Validation } from "./events.ts";
import type { Metric, TrainOptions } from "./train-options.ts";

/** What a run ends with. */
export interface Kept {
  /** The step whose weights are kept. */
  readonly step: number;
  /** How many epochs' weights are averaged, where they are. */
  readonly averaged?: number;
  /** What the kept weights measured, where that is known. */
  readonly measures?: Validation;
}

/** Which weights of a run are kept: those of the best validation, the mean of the last epochs', or the last. */
export class KeptWeights {
  readonly #weights: Float32Array;
  readonly #store: CheckpointStore;
  readonly #keep: "best" | "last" | "mean";
  readonly #average: number;
  readonly #metric: Metric;

  /** @param weights those to be kept; change while the run goes on */
  constructor(
    weights: Float32Array,
    store: CheckpointStore,
    { metric = "loss", keepWeights = "best", average = 1 }: Pick<TrainOptions, "metric" | "keepWeights" | "average">,
  ) {
    this.#weights = weights;
    this.#store = store;
    this.#keep = average > 1 ? "mean" : keepWeights;
    this.#average = average;
    this.#metric = metric;
  }

  /**
   * @returns whether a validation is better than the best before it
   * @throws when it does not have the metric
   */
  isBetter(measured: Validation, best: Validation | undefined): boolean {
    const value = measured[this.#metric];
    if (value === undefined)
      throw new Error(`train: the metric ${this.#metric} wants the option own, which measures it`);
    if (best === undefined) return Number.isFinite(value);
    return this.#metric === "loss" ? value < best.loss : value > best[this.#metric]!;
  }

  /** Takes note of the weights that an epoch ended with. */
  async endEpoch({ step, epoch, best }: { step: number; epoch: number; best: boolean }): Promise<void> {
    if (this.#keep === "best" && best) await this.#store.saveBest(step, this.#weights);
    if (this.#keep === "mean") await this.#store.saveEpoch(epoch, this.#weights, epoch - this.#average + 1);
  }

  /** Makes the weights those that are kept. */
  async choose({ step, epoch, best, validation }: Progress): Promise<Kept> {
    if (this.#keep === "mean") {
      const averaged = Math.min(this.#average, epoch - 1);
      await this.#averageEpochs(epoch - averaged, epoch);
      return { step, averaged };
    }
    if (this.#keep === "last" || best === undefined) return { step, ...(validation && { measures: validation }) };
    await this.#store.loadBest(this.#weights);
    return best;
  }

  /** Sets the weights to the mean of what the epochs from `first` to before `end` ended with. */
  async #averageEpochs(first: number, end: number): Promise<void> {
    const one = new Float32Array(this.#weights.length);
    const sum = new Float64Array(this.#weights.length);
    for (let epoch = first; epoch < end; epoch++) {
      await this.#store.loadEpoch(epoch, one);
      for (let i = 0; i < one.length; i++) sum[i] += one[i];
    }
    for (let i = 0; i < sum.length; i++) this.#weights[i] = sum[i] / (end - first);
  }
}
