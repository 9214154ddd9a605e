import type { Parameter } from "../nn/module.ts";
import { Arena, type Kernels } from "./kernels.ts";
import { FlatValues, initialize, Layout } from "./parameters.ts";

/** All buffers of a model in training, side by side in one block of memory; each is one flat array. */
export class TrainingMemory {
  readonly weights: FlatValues;
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
   * @throws when the model needs more than 4 GiB
   */
  constructor(parameters: ReadonlyMap<string, Parameter>, seed: number, options: { summed?: boolean } = {}) {
    const layout = new Layout(parameters);
    const buffers = options.summed === true ? 5 : 4;
    const arena = new Arena(Arena.roomFor(...Array<number>(buffers).fill(layout.length)));
    const buffer = () => arena.floats(layout.length);
    this.weights = new FlatValues(layout, buffer());
    this.gradients = new FlatValues(layout, buffer());
    this.firstMoment = buffer();
    this.secondMoment = buffer();
    this.summed = options.summed === true ? buffer() : undefined;
    this.kernels = arena.kernels;
    initialize(this.weights, parameters, seed);
  }
}
