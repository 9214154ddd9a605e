import { Arena } from "../runtime/kernels.ts";

/** The constants of Adam. The defaults are the paper's (Vaswani et al. 2017, §5.3). */
export interface AdamOptions {
  /** Default: 0.9. */
  beta1?: number;
  /** Default: 0.98. */
  beta2?: number;
  /** Default: 1e-9. */
  epsilon?: number;
  /** Decoupled decay (AdamW): each step takes `rate · weightDecay` of every weight away. Default: 0. */
  weightDecay?: number;
}

/** Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) over flat buffers, in place. */
export class Adam {
  /** m, the running mean of gradients. */
  readonly firstMoment: Float32Array;
  /** v, the running mean of their squares. */
  readonly secondMoment: Float32Array;
  readonly #arena: Arena;
  readonly #options: Required<AdamOptions>;

  /**
   * @param arena where weights and gradients lie, with room for two buffers more
   * @param length of the flat buffers
   */
  constructor(arena: Arena, length: number, options: AdamOptions = {}) {
    this.#arena = arena;
    this.firstMoment = arena.floats(length);
    this.secondMoment = arena.floats(length);
    const { beta1 = 0.9, beta2 = 0.98, epsilon = 1e-9, weightDecay = 0 } = options;
    this.#options = { beta1, beta2, epsilon, weightDecay };
  }

  /** The bytes that an optimizer takes for buffers of this length. */
  static roomFor(length: number): number {
    return Arena.roomFor(length, length);
  }

  /**
   * Moves the weights.
   *
   * @param step t, counted from 1
   * @param rate the learning rate
   * @param gradientScale what every gradient is multiplied by first
   */
  update(weights: Float32Array, gradients: Float32Array, step: number, rate: number, gradientScale: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#options;
    this.#arena.kernels.adam(
      weights.byteOffset,
      gradients.byteOffset,
      this.firstMoment.byteOffset,
      this.secondMoment.byteOffset,
      weights.length,
      gradientScale,
      beta1,
      beta2,
      rate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
      epsilon,
      1 - rate * weightDecay,
    );
  }
}
