import { expect, it } from "vitest";
import { constant, cosine, inverseSqrt, linear, noam } from "../../src/optim/schedule.ts";

it("the inverse square root is the paper's schedule, told by its highest rate", () => {
  const [dModel, warmupSteps, peak] = [512, 4000, 5e-3];
  const own = inverseSqrt({ peak, warmupSteps });
  const paper = noam(dModel, warmupSteps, peak * Math.sqrt(dModel * warmupSteps));
  for (const step of [1, 10, 3999, 4000, 4001, 50_000]) expect(own(step)).toBeCloseTo(paper(step), 12);
  expect(own(warmupSteps)).toBe(peak);
});

it("without a warm-up it begins at the peak", () => {
  const rate = inverseSqrt({ peak: 2, warmupSteps: 0 });
  expect([rate(1), rate(4)]).toEqual([2, 1]);
});

const usual = { peak: 2, warmupSteps: 4, totalSteps: 12 };

it.each([
  ["constant", constant, [0.5, 1, 1.5, 2, 2, 2, 2, 2]],
  ["linear", linear, [0.5, 1, 1.5, 2, 1.5, 1, 0.5, 0]],
  ["cosine", cosine, [0.5, 1, 1.5, 2, 1 + Math.SQRT1_2, 1, 1 - Math.SQRT1_2, 0]],
])("%s grows to the peak in a straight line, then goes its way", (_, schedule, rates) => {
  const own = schedule(usual);
  for (const [i, step] of [1, 2, 3, 4, 6, 8, 10, 12].entries())
    expect(own(step), `step ${step}`).toBeCloseTo(rates[i], 12);
});

it.each([
  ["linear", linear],
  ["cosine", cosine],
])("%s stays at 0 after the last step, and without a warm-up falls from the first", (_, schedule) => {
  expect(schedule(usual)(13)).toBeCloseTo(0, 12);
  const falling = schedule({ ...usual, warmupSteps: 0 });
  expect(falling(1)).toBeLessThan(usual.peak);
  expect(falling(6)).toBeCloseTo(usual.peak / 2, 12);
});
