import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RibbonSpace, ribbonsOf } from "../../studio/drawing/ribbons.ts";

const space = (words: number, direction: "row" | "column" = "row"): RibbonSpace => ({
  from: 300,
  to: Array.from({ length: words }, (_, word) => 40 + 90 * word),
  whole: 104,
  near: 190,
  far: 2,
  direction,
});

/** The width of a ribbon at its beginning and at its end, from its path. */
function widths(path: string): { near: number; far: number } {
  const xs = [...path.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
  // M begin, C to left; L right, C to end.
  return { near: xs[7] - xs[0], far: xs[4] - xs[3] };
}

describe("ribbons", () => {
  it("of a row are together as wide as the bar of 100 %", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        const ribbons = ribbonsOf(
          parts.map((part) => part / total),
          space(parts.length),
        );
        const near = ribbons.reduce((sum, { path }) => sum + widths(path).near, 0);
        expect(Math.abs(near - 104)).toBeLessThan(1);
      }),
    );
  });

  it("end as wide as their weight, but never thinner than can be seen", () => {
    const [thick, thin] = ribbonsOf([0.79, 0.006], space(2));
    expect(widths(thick.path).far).toBeCloseTo(0.79 * 104, 0);
    expect(widths(thin.path).far).toBeGreaterThan(1);
  });

  it("are left out where nothing would be seen", () => {
    expect(ribbonsOf([0.997, 0.003], space(2)).map(({ index }) => index)).toEqual([0]);
  });

  it("of a column are squeezed into the bar, and keep their width at the words", () => {
    const ribbons = ribbonsOf([0.8, 0.7, 0.5], space(3));
    expect(ribbons.reduce((sum, { path }) => sum + widths(path).near, 0)).toBeCloseTo(104, 0);
    expect(widths(ribbons[0].path).far).toBeCloseTo(0.8 * 104, 0);
  });

  it("run sideways where words stand in columns", () => {
    const [{ path }] = ribbonsOf([1], space(1, "column"));
    expect(path.startsWith("M190.0,248.0C96.0,248.0")).toBe(true);
  });
});
