import type { Measures, Validation } from "./events.ts";
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
  readonly validation?: Validation;
  /** The best validation, and its step. */
  readonly best?: { readonly step: number; readonly measures: Validation };
  /** Validations since then. */
  readonly sinceBest: number;
}

/** The flat buffers of a run. */
export interface Buffers {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** The moving average of the weights, where there is one. */
  readonly averaged?: Float32Array;
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
  /** Keeps the weights that an epoch ended with, and forgets those of epochs before `oldest`. */
  saveEpoch(epoch: number, weights: Float32Array, oldest: number): Promise<void>;
  /** The weights that an epoch ended with, into this buffer. */
  loadEpoch(epoch: number, weights: Float32Array): Promise<void>;
}

/** Keeps weights as long as the run: of a run that is not to be resumed. */
export class PassingStore implements CheckpointStore {
  #best: Float32Array | undefined;
  readonly #epochs = new Map<number, Float32Array>();

  async load(_buffers: Buffers): Promise<Progress | undefined> {
    return undefined;
  }

  async save(_progress: Progress, _buffers: Buffers): Promise<void> {}

  async saveBest(_step: number, weights: Float32Array): Promise<void> {
    this.#best = weights.slice();
  }

  async loadBest(weights: Float32Array): Promise<void> {
    weights.set(this.#best!);
  }

  async saveEpoch(epoch: number, weights: Float32Array, oldest: number): Promise<void> {
    this.#epochs.set(epoch, weights.slice());
    for (const known of this.#epochs.keys()) if (known < oldest) this.#epochs.delete(known);
  }

  async loadEpoch(epoch: number, weights: Float32Array): Promise<void> {
    weights.set(this.#epochs.get(epoch)!);
  }
}
