import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExampleLengths, lengthsOf, paddingShare, planBatches, planSteps } from "../../src/data/batch-plan.ts";
import { Random } from "../../src/random/random.ts";

const lengths = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })), { maxLength: 300 })
  .map(
    (pairs): ExampleLengths => ({
      sources: Int32Array.from(pairs, ([source]) => source),
      targets: Int32Array.from(pairs, ([, target]) => target),
    }),
  );

/** Sentence lengths as they are: log-normal, about 10 tokens; those of source and target go together by `correlation`. */
function sentences(count: number, correlation: number): ExampleLengths {
  const random = Random.of(1, "lengths", correlation);
  const pairs = Array.from({ length: count }, () => {
    const source = random.normal();
    const target = correlation * source + Math.sqrt(1 - correlation ** 2) * random.normal();
    return [source, target].map((deviation) => Math.max(1, Math.round(Math.exp(2.3 + 0.5 * deviation))));
  });
  return { sources: Int32Array.from(pairs, ([s]) => s!), targets: Int32Array.from(pairs, ([, t]) => t!) };
}

const members = (batches: Int32Array[]) => new Set(batches.map((batch) => batch.toSorted().join()));

describe("every example is in the plan once", () => {
  test("by sentences, in batches of the exact size but the last", () => {
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (lengths, batchSize, epoch, bucketWidth) => {
          const plan = planBatches(lengths, { batchSize, seed: 3, epoch, bucketWidth });
          expect(plan.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...lengths.sources.keys()]);
          expect(plan.length).toBe(Math.ceil(lengths.sources.length / batchSize));
          for (const batch of plan.slice(0, -1)) expect(batch.length).toBe(batchSize);
          expect(planBatches(lengths, { batchSize, seed: 3, epoch, bucketWidth })).toEqual(plan);
        },
      ),
    );
  });

  test("by tokens, within the limit unless alone", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 2000 }), fc.nat(), (lengths, batchTokens, epoch) => {
        const plan = planBatches(lengths, { batchTokens, seed: 3, epoch });
        expect(plan.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...lengths.sources.keys()]);
        for (const batch of plan) {
          const longest = (of: Int32Array) => Math.max(...[...batch].map((index) => of[index]!));
          const cells = batch.length * (longest(lengths.sources) + longest(lengths.targets));
          expect(batch.length === 1 || cells <= batchTokens).toBe(true);
        }
      }),
    );
  });
});

describe("padding", () => {
  // Figures of this plan on 12,000 random lengths; dealt out at random, 65 % of the cells are padding.
  test.each([
    [0, { batchSize: 64 }, 0.15],
    [0.5, { batchSize: 64 }, 0.13],
    [0.9, { batchSize: 64 }, 0.11],
    [0.5, { batchTokens: 1500 }, 0.09],
    [0.9, { batchTokens: 1500 }, 0.07],
  ])("correlation %d, %o: under %d", (correlation, options, limit) => {
    const lengths = sentences(12_000, correlation);
    const share = paddingShare(lengths, planBatches(lengths, { ...options, seed: 1, epoch: 0 }));
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(limit);
  });

  test("batches by tokens are well filled", () => {
    const lengths = sentences(12_000, 0.5);
    const real = [...lengths.sources, ...lengths.targets].reduce((sum, length) => sum + length);
    const plan = planBatches(lengths, { batchTokens: 1500, seed: 1, epoch: 0 });
    expect(real / (plan.length * 1500)).toBeGreaterThan(0.75);
  });

  test("is none where all lengths are equal", () => {
    const equal = { sources: new Int32Array(100).fill(7), targets: new Int32Array(100).fill(5) };
    expect(paddingShare(equal, planBatches(equal, { batchSize: 8, seed: 1, epoch: 0 }))).toBe(0);
    expect(planBatches(equal, { batchTokens: 120, seed: 1, epoch: 0 }).length).toBeLessThanOrEqual(14);
  });
});

describe("learning sees other batches", () => {
  test.each([60, 200, 1000, 12_000])("in each epoch, of %d examples with lengths that are all different", (count) => {
    const lengths = {
      sources: Int32Array.from(Array(count).keys(), (i) => i + 1),
      targets: new Int32Array(count).fill(3),
    };
    const plan = (seed: number, epoch: number) => planBatches(lengths, { batchSize: 16, seed, epoch });
    const first = members(plan(1, 0));
    for (const other of [plan(1, 1), plan(1, 2), plan(2, 0)]) {
      expect([...members(other)].filter((batch) => first.has(batch))).toEqual([]);
    }
  });

  test("and not the short ones first", () => {
    const lengths = sentences(6400, 0.5);
    const plan = planBatches(lengths, { batchSize: 64, seed: 1, epoch: 0 });
    const mean = (batches: Int32Array[]) =>
      batches.flatMap((batch) => [...batch]).reduce((sum, index) => sum + lengths.sources[index]!, 0) /
      (64 * batches.length);
    expect(Math.abs(mean(plan.slice(0, 50)) - mean(plan.slice(50)))).toBeLessThan(3);
  });
});

describe("steps of several batches", () => {
  test("hold each example once, and all but the last are full", () => {
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (lengths, batchSize, accumulate, bucketWindow) => {
          const steps = planSteps(lengths, { batchSize, accumulate, bucketWindow, seed: 3, epoch: 1 });
          const indices = steps.flat().flatMap((batch) => [...batch]);
          expect(indices.sort((a, b) => a - b)).toEqual([...lengths.sources.keys()]);
          for (const step of steps.slice(0, -1)) expect(step.length).toBe(accumulate);
        },
      ),
    );
  });

  test("are fair draws where the window is one step, and pad less than batches as large", () => {
    const lengths = sentences(12_800, 0.5);
    const steps = planSteps(lengths, { batchSize: 64, accumulate: 4, bucketWindow: 4, seed: 1, epoch: 0 });
    const means = steps.map((step) => {
      const indices = step.flatMap((batch) => [...batch]);
      return indices.reduce((sum, index) => sum + lengths.sources[index]!, 0) / indices.length;
    });
    const mean = means.reduce((sum, value) => sum + value) / means.length;
    const spread = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length);
    // Lengths deviate by 6 tokens, the mean of 256 of them by 0.4; steps of 256 alike in length would deviate by 5.
    expect(spread).toBeGreaterThan(0.2);
    expect(spread).toBeLessThan(0.6);
    const large = planSteps(lengths, { batchSize: 256, bucketWindow: 1, seed: 1, epoch: 0 });
    expect(paddingShare(lengths, steps.flat())).toBeLessThan(0.75 * paddingShare(lengths, large.flat()));
  });

  test("see short and long where the window is larger", () => {
    const lengths = {
      sources: Int32Array.from({ length: 1600 }, (_, i) => i + 1),
      targets: new Int32Array(1600).fill(1),
    };
    const steps = planSteps(lengths, { batchSize: 10, accumulate: 2, bucketWindow: 80, seed: 1, epoch: 0 });
    for (const step of steps) {
      const [a, b] = step.map((batch) => lengths.sources[batch[0]!]!);
      expect(Math.abs(a! - b!)).toBeGreaterThan(400);
    }
  });
});

test("lengths are those a batch pads", () => {
  const examples = [{ source: Int32Array.of(1, 2), target: Int32Array.of(1, 2, 3, 4) }];
  expect(lengthsOf(examples)).toEqual({ sources: Int32Array.of(2), targets: Int32Array.of(3) });
});

test("options that cannot be are errors", () => {
  const none = { sources: new Int32Array(), targets: new Int32Array() };
  expect(planBatches(none, { batchSize: 4, seed: 1, epoch: 0 })).toEqual([]);
  expect(() => planBatches(none, { seed: 1, epoch: 0 })).toThrow("give either batchSize or batchTokens");
  expect(() => planBatches(none, { batchSize: 0, seed: 1, epoch: 0 })).toThrow(
    "batchSize must be a whole number from 1; it is 0",
  );
});
