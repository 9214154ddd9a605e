import type { TrainingMemory } from "../runtime/training-memory.ts";

/** The constants of Adam. The defaults are the paper's (Vaswani et al. 2017, §5.3). */
export interface AdamOptions {
  /** Default: 0.9. */
  beta1?: number;
  /** Default: 0.98. */
  beta2?: number;
  /** Default: 1e-9. */
  epsilon?: number;
  /**
   * Whether epsilon is the paper's ε̂, which is added to √v before the correction of its bias (§2, last formula), as
   * TensorFlow and Keras do; else ε, added after it (algorithm 1), as PyTorch does. ε̂ weighs 1 / √(1 − β₂ᵗ) times as
   * much, so that in the first steps small gradients, as those of rare words, move weights less. Default: no.
   */
  epsilonHat?: boolean;
  /** Decoupled decay (AdamW): each step takes `rate · weightDecay` of every weight away. Default: 0. */
  weightDecay?: number;
}

/** Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) over flat buffers, in place. */
export class Adam {
  readonly #memory: TrainingMemory;
  readonly #options: Required<AdamOptions>;

  constructor(memory: TrainingMemory, options: AdamOptions = {}) {
    this.#memory = memory;
    const { beta1 = 0.9, beta2 = 0.98, epsilon = 1e-9, epsilonHat = false, weightDecay = 0 } = options;
    this.#options = { beta1, beta2, epsilon, epsilonHat, weightDecay };
  }

  /**
   * Moves the weights.
   *
   * @param gradients flat, in the memory the weights lie in
   * @param step t, counted from 1
   * @param rate the learning rate
   * @param gradientScale what every gradient is multiplied by first
   */
  update(gradients: Float32Array, step: number, rate: number, gradientScale: number): void {
    const { weights, firstMoment, secondMoment, kernels } = this.#memory;
    const { beta1, beta2, epsilon, epsilonHat, weightDecay } = this.#options;
    const inverseRoot = 1 / Math.sqrt(1 - beta2 ** step);
    kernels.adam(
      weights.flat.byteOffset,
      gradients.byteOffset,
      firstMoment.byteOffset,
      secondMoment.byteOffset,
      gradients.length,
      gradientScale,
      beta1,
      beta2,
      rate / (1 - beta1 ** step),
      inverseRoot,
      epsilonHat ? epsilon * inverseRoot : epsilon,
      1 - rate * weightDecay,
    );
  }
}
