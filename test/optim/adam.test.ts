import { describe, expect, it } from "vitest";
import { constantly } from "../../src/nn/initializers.ts";
import { Parameter } from "../../src/nn/module.ts";
import { Adam, type AdamOptions } from "../../src/optim/adam.ts";
import { TrainingMemory } from "../../src/runtime/training-memory.ts";

/** From rare and tiny, as those of a table of words, to large. */
const GRADIENTS = [0, 1e-8, -1e-7, 1e-6, -1e-4, 0.03, -2, 1e-12];

/** Weights after some steps, each with gradients of another size, in double precision and the formulas of the paper. */
function byHand(
  steps: number,
  rate: number,
  { beta1, beta2, epsilon, epsilonHat, weightDecay }: Required<AdamOptions>,
) {
  return GRADIENTS.map((gradient) => {
    let [weight, m, v] = [1, 0, 0];
    for (let t = 1; t <= steps; t++) {
      const g = gradient * t;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const [first, second] = [1 - beta1 ** t, 1 - beta2 ** t];
      const update = epsilonHat
        ? (rate * (Math.sqrt(second) / first) * m) / (Math.sqrt(v) + epsilon)
        : (rate * (m / first)) / (Math.sqrt(v / second) + epsilon);
      weight = weight * (1 - rate * weightDecay) - update;
    }
    return weight - 1;
  });
}

function trained(steps: number, rate: number, options: Required<AdamOptions>) {
  const parameters = new Map([["w", new Parameter([GRADIENTS.length], constantly(0))]]);
  const memory = new TrainingMemory(parameters, 1);
  const weights = memory.weights.of("w").fill(1);
  const adam = new Adam(memory, options);
  for (let t = 1; t <= steps; t++) {
    memory.gradients.of("w").set(GRADIENTS.map((gradient) => 4 * gradient * t));
    adam.update(memory.gradients.flat, t, rate, 1 / 4);
  }
  return Array.from(weights, (weight) => weight - 1);
}

describe("Adam", () => {
  const cases = [false, true].flatMap((epsilonHat) =>
    [0, 0.1].map((weightDecay) => ({ beta1: 0.9, beta2: 0.999, epsilon: 1e-7, epsilonHat, weightDecay })),
  );
  it.each(cases)("moves weights as the paper's formulas do: %o", (options) => {
    const [steps, rate] = [20, 0.01];
    const moved = trained(steps, rate, options);
    byHand(steps, rate, options).forEach((wanted, i) => {
      expect(Math.abs(moved[i] - wanted), `gradient ${GRADIENTS[i]}`).toBeLessThanOrEqual(3e-6);
    });
  });

  it("with epsilon before the correction of bias moves weights of small gradients less", () => {
    const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 };
    const [after, before] = [false, true].map((epsilonHat) => trained(1, 0.01, { ...options, epsilonHat }));
    expect(before[1] / after[1]).toBeCloseTo(0.0346, 3);
    expect(before[6] / after[6]).toBeCloseTo(1, 3);
  });
});
