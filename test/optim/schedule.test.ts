import { expect, it } from "vitest";
import { inverseSqrt, noam } from "../../src/optim/schedule.ts";

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
