import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lengthBins } from "../../src/training/length-bins.ts";

const textsOf = (lengths: readonly number[]) =>
  lengths.map((words) => Array.from({ length: words }, () => "x").join(" "));
const binsOf = (lengths: readonly number[], parts: { most: number; least: number }) =>
  lengthBins(textsOf(lengths), (text) => text, parts);

describe("lengthBins", () => {
  it("cuts into parts as equal as can be, by length, equal lengths together", () => {
    const lengths = [3, 1, 2, 4, 1, 2, 3, 4, 2, 3, 1, 4];
    const bins = binsOf(lengths, { most: 4, least: 1 });
    expect(bins.map(({ examples, shortest, longest, mean }) => [examples.length, shortest, longest, mean])).toEqual([
      [3, 1, 1, 1],
      [3, 2, 2, 2],
      [3, 3, 3, 3],
      [3, 4, 4, 4],
    ]);
    expect(
      binsOf(lengths, { most: 2, least: 1 }).map(({ shortest, longest, mean }) => [shortest, longest, mean]),
    ).toEqual([
      [1, 2, 1.5],
      [3, 4, 3.5],
    ]);
  });

  it("does not pay for one crowded length with small parts after it", () => {
    const lengths = [...Array(300).fill(4), ...Array.from({ length: 100 }, (_, i) => 5 + Math.floor(i / 10))];
    const bins = binsOf(lengths, { most: 4, least: 20 });
    expect(bins.map(({ examples }) => examples.length)).toEqual([300, 40, 30, 30]);
    // The few longest join the part before them.
    expect(
      binsOf([...Array(60).fill(2), 9, 9], { most: 10, least: 50 }).map(({ examples }) => examples.length),
    ).toEqual([62]);
  });

  it("leaves nothing out and makes no part that is too small or shares a length with another", () => {
    const lengths = fc.array(fc.nat(12), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 }), (all, most, least) => {
        const bins = binsOf(all, { most, least });
        expect(bins.reduce((sum, { examples }) => sum + examples.length, 0)).toBe(all.length);
        expect(bins.length).toBeLessThanOrEqual(most);
        for (const { examples } of bins) expect(examples.length).toBeGreaterThanOrEqual(Math.min(least, all.length));
        for (const [i, { shortest }] of bins.slice(1).entries()) expect(shortest).toBeGreaterThan(bins[i].longest);
      }),
    );
  });
});
