import { describe, expect, it } from "vitest";
import { draw } from "../../src/decoding/sampling.ts";
import { decode } from "../../src/decoding/search.ts";
import type { SamplingOptions } from "../../src/decoding/search-options.ts";
import { Random } from "../../src/random/random.ts";
import { type Script, Scripted } from "./scripted.ts";

const PROBABILITIES = [0.1, 0.4, 0.05, 0.25, 0, 0.2];
const adjusted = Float32Array.from(PROBABILITIES, Math.log);
const choices = { own: adjusted, adjusted };

/** How often each place is drawn out of many times. */
function shares(sampling: SamplingOptions): number[] {
  const random = Random.of(1, "test");
  const counts = PROBABILITIES.map(() => 0);
  const times = 20_000;
  const options = { temperature: 1, topP: 1, ...sampling };
  for (let i = 0; i < times; i++) counts[draw(choices, options, random.uniform())!]++;
  return counts.map((count) => count / times);
}

function expectShares(sampling: SamplingOptions, weights: readonly number[]): void {
  const total = weights.reduce((a, b) => a + b, 0);
  for (const [i, share] of shares(sampling).entries()) {
    expect(share, `place ${i}`).toBeCloseTo(weights[i] / total, weights[i] === 0 ? 12 : 1.5);
  }
}

describe("draws", () => {
  it("are as likely as the model says", () => expectShares({}, PROBABILITIES));

  it("with a temperature are of powers of the probabilities", () => {
    expectShares(
      { temperature: 0.5 },
      PROBABILITIES.map((p) => p ** 2),
    );
    expectShares(
      { temperature: 2 },
      PROBABILITIES.map((p) => Math.sqrt(p)),
    );
    expectShares({ temperature: 1e-3 }, [0, 1, 0, 0, 0, 0]);
    expectShares({ temperature: 0 }, [0, 1, 0, 0, 0, 0]);
  });

  it("with topK are of the likeliest", () => {
    expectShares({ topK: 2 }, [0, 0.4, 0, 0.25, 0, 0]);
    expectShares({ topK: 99 }, PROBABILITIES);
  });

  it("with topP are of the fewest that have that share", () => {
    expectShares({ topP: 0.3 }, [0, 0.4, 0, 0, 0, 0]);
    expectShares({ topP: 0.6 }, [0, 0.4, 0, 0.25, 0, 0]);
    expectShares({ topP: 0.84 }, [0, 0.4, 0, 0.25, 0, 0.2]);
    expectShares({ topP: 0.999 }, PROBABILITIES);
  });

  it("take the temperature first, then topK, then topP", () => {
    // Squares 0.16, 0.0625, 0.04 of the first three; the first two have 85 % of that.
    expectShares({ temperature: 0.5, topK: 3, topP: 0.8 }, [0, 0.16, 0, 0.0625, 0, 0]);
  });

  it("never give what is impossible", () => {
    expect(draw(choices, { temperature: 1, topP: 1 }, 1 - 2 ** -53)).toBe(5);
    expect(draw({ own: adjusted, adjusted: new Float32Array(3).fill(-Infinity) }, { temperature: 1, topP: 1 }, 0)).toBe(
      undefined,
    );
  });
});

describe("samples", () => {
  const even: Script = new Proxy({} as Script, {
    get: () => ({ 0: 0.2, 3: 0.25, 4: 0.25, 5: 0.25, 2: 0.05 }),
    has: (_, key) => key === "",
  });
  const ids = { startId: 1, endId: 2 };
  const model = () => new Scripted(even, { maxLength: 12 });
  const sample = async (sources: number[][], sampling: SamplingOptions, nBest = 1) =>
    (await decode(model(), sources, { ...ids, sampling, nBest })).map((all) =>
      all.map(({ tokens }) => tokens.join("")),
    );

  it("are the same for the same seed, and others for another", async () => {
    const [[first]] = await sample([[1, 3, 2]], { seed: 4 });
    expect(await sample([[1, 3, 2]], { seed: 4 })).toEqual([[first]]);
    expect(await sample([[1, 3, 2]], { seed: 5 })).not.toEqual([[first]]);
  });

  it("do not depend on what else is in the batch", async () => {
    const sources = [
      [1, 3, 2],
      [1, 4, 2],
      [1, 5, 2],
    ];
    const alone = await Promise.all(sources.map(async (source) => (await sample([source], {}, 2))[0]));
    expect(await sample(sources, {}, 2)).toEqual(alone);
    expect(await sample([...sources].reverse(), {}, 2)).toEqual([...alone].reverse());
    expect(new Set(alone.flat()).size).toBe(6);
  });

  it("are as many as asked for, best first, a row for each", async () => {
    const stepper = model();
    const [found] = await decode(stepper, [[1, 3, 2]], { ...ids, sampling: { topK: 3 }, nBest: 4 });
    expect(stepper.asked[0]).toMatchObject({ parents: [0, 0, 0, 0], tokens: [1, 1, 1, 1], wanted: { top: 3 } });
    const scores = found.map(({ penalisedScore }) => penalisedScore);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(found).toHaveLength(4);
  });
});
