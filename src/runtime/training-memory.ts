import type { Parameter } from "../nn/module.ts";
import { Arena, type Kernels } from "./kernels.ts";
import { FlatValues, initialize, Layout } from "./parameters.ts";

/** All buffers of a model in training, side by side in one block of memory; each is one flat array. */
export class TrainingMemory {
  readonly weights: FlatValues;
  /** The moving average of the weights, at first the weights; there only if asked for. */
  readonly averaged: FlatValues | undefined;
  /** Gradients of the last batch. */
  readonly gradients: FlatValues;
  /** Gradients summed over several batches; there only if asked for. */
  readonly summed: Float32Array | undefined;
  /** m of Adam. */
  readonly firstMoment: Float32Array;
  /** v of Adam. */
  readonly secondMoment: Float32Array;
  readonly kernels: Kernels;

  /**
   * Weights drawn from the seed, everything else zero.
   *
   * @param options.summed whether gradients of several batches will be summed
   * @param options.averaged whether a moving average of the weights will be kept
   * @throws when the model needs more than 4 GiB
   */
  constructor(
    parameters: ReadonlyMap<string, Parameter>,
    seed: number,
    { summed = false, averaged = false }: { summed?: boolean; averaged?: boolean } = {},
  ) {
    const layout = new Layout(parameters);
    const buffers = 4 + Number(summed) + Number(averaged);
    const arena = new Arena(Arena.roomFor(...Array<number>(buffers).fill(layout.length)));
    const buffer = () => arena.floats(layout.length);
    this.weights = new FlatValues(layout, buffer());
    this.gradients = new FlatValues(layout, buffer());
    this.firstMoment = buffer();
    this.secondMoment = buffer();
    this.summed = summed ? buffer() : undefined;
    this.averaged = averaged ? new FlatValues(layout, buffer()) : undefined;
    this.kernels = arena.kernels;
    initialize(this.weights, parameters, seed);
    this.averaged?.flat.set(this.weights.flat);
  }

  /** The weights to be measured, used and kept: the moving average where there is one. */
  get shown(): FlatValues {
    return this.averaged ?? this.weights;
  }
}
