import { describe, expect, it } from "vitest";
import { Random } from "../../src/random/random.ts";

describe("Random", () => {
  it("gives the same numbers for the same seed and labels, others for others", () => {
    const take = (random: Random) => Array.from({ length: 5 }, () => random.bits());
    expect(take(Random.of(7, "shuffle", 1))).toEqual(take(Random.of(7, "shuffle", 1)));
    expect(take(Random.of(7, "shuffle", 1))).not.toEqual(take(Random.of(7, "shuffle", 2)));
    expect(take(Random.of(7, "shuffle", 1))).not.toEqual(take(Random.of(8, "shuffle", 1)));
  });

  it("is uniform, and normal, to three standard errors of its moments", () => {
    const n = 20_000;
    const random = Random.of(1, "moments");
    const uniform = Array.from({ length: n }, () => random.uniform());
    const normal = Array.from({ length: n }, () => random.normal());
    const mean = (xs: number[]) => xs.reduce((sum, x) => sum + x, 0) / n;
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(3 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(mean(normal))).toBeLessThan(3 / Math.sqrt(n));
    expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(3 * Math.sqrt(2 / n));
  });

  it("shuffles without losing anything", () => {
    const shuffled = Random.of(3).shuffle(Array.from({ length: 100 }, (_, i) => i));
    expect(shuffled.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(shuffled).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});
