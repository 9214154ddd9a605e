import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, evaluate, namesIn, productOf, sumOf } from "../../src/graph/dimension.ts";

const name = fc.constantFrom("batch", "time", "past");
const monomial = fc
  .array(fc.oneof(name, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 3 })
  .map(productOf);
const dimension = fc.array(monomial, { minLength: 1, maxLength: 3 }).map((terms) => sumOf(...terms));
const values = new Map([
  ["batch", 3],
  ["time", 5],
  ["past", 7],
]);

describe("dimensions", () => {
  it("has one form for equal expressions", () => {
    expect(productOf(["time", "batch"])).toBe("batch*time");
    expect(sumOf("time", 1, "batch", "time")).toBe("batch+2*time+1");
    expect(difference(sumOf("past", "time"), "past")).toBe("time");
    expect(difference("time", "time")).toBe(0);
    expect(productOf([])).toBe(1);
    expect(difference(1, "time")).toBe("-time+1");
  });

  it("computes as numbers do", () => {
    fc.assert(
      fc.property(dimension, dimension, (a, b) => {
        const [x, y] = [evaluate(a, values), evaluate(b, values)];
        expect(evaluate(sumOf(a, b), values)).toBe(x + y);
        expect(evaluate(difference(a, b), values)).toBe(x - y);
        expect(evaluate(productOf([a, b]), values)).toBe(x * y);
        expect(sumOf(a, b)).toBe(sumOf(b, a));
        expect(difference(sumOf(a, b), b)).toBe(sumOf(a));
      }),
    );
  });

  it("tells its names, and which has no value", () => {
    expect(namesIn("2*batch*time+1").sort()).toEqual(["batch", "time"]);
    expect(() => evaluate("heads", values)).toThrow("heads has no value");
    expect(() => sumOf("a b", 1)).toThrow('"a b" is no number and no name');
    expect(() => sumOf(1.5)).toThrow("not a whole number");
  });
});
