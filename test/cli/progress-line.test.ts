import { describe, expect, it } from "vitest";
import { progressLine, progressText } from "../../src/cli/progress-line.ts";
import type { StepEvent } from "../../src/training/events.ts";

const extent = { epochs: 60, totalSteps: 11_000 };
const step: StepEvent = {
  type: "step",
  epoch: 15,
  step: 2750,
  loss: 2.34567,
  accuracy: 0.4567,
  learningRate: 0.00123,
  gradientNorm: 1,
  tokensPerSecond: 12_345,
  secondsLeft: 754,
};

describe("the line of a training run", () => {
  it.each([
    [60, "█████░░░░░░░░░░░░░░░░░  epoch 15/60  loss 2.346  12:34 left"],
    [80, "██████░░░░░░░░░░░░░░░░░░░  epoch 15/60  loss 2.346  accuracy 45.7 %  12:34 left"],
    [
      120,
      "████░░░░░░░░░░░░░░░  epoch 15/60  step  2750/11000  loss 2.346  accuracy 45.7 %  12,345 tokens/s  lr 1.2e-3  12:34 left",
    ],
  ])("has the figures that %i columns have room for", (columns, line) => {
    expect(progressLine(step, extent, columns)).toBe(line);
  });

  it("never wraps and keeps a bar of ten cells wherever one fits", () => {
    for (let columns = 1; columns <= 200; columns++) {
      for (const event of [step, { ...step, step: 1, secondsLeft: Number.POSITIVE_INFINITY, tokensPerSecond: 3 }]) {
        const line = progressLine(event, extent, columns);
        const cells = /^[█░]*/.exec(line)?.[0].length ?? 0;
        expect(line.length, `${columns}: ${line}`).toBeLessThan(columns);
        expect(cells, `${columns}: ${line}`).toBeGreaterThanOrEqual(Math.min(10, columns - 1));
      }
    }
  });

  it("ends with a full bar", () => {
    expect(progressLine({ ...step, step: 11_000 }, extent, 300)).toMatch(/^█{30} {2}epoch/);
  });

  it("without a bar has all figures", () => {
    expect(progressText(step, extent)).toBe(
      "epoch 15/60  step  2750/11000  loss 2.346  accuracy 45.7 %  12,345 tokens/s  lr 1.2e-3  12:34 left",
    );
  });
});
