import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classScores } from "../../src/metrics/classification.ts";

describe("classScores", () => {
  it("of three unbalanced classes, one of them never told", () => {
    const truth = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2];
    const told = [0, 0, 0, 0, 0, 1, 0, 1, 1, 0];
    const { accuracy, macroF1, classes, confusion } = classScores(truth, told, 3);
    expect(confusion).toEqual([
      [5, 1, 0],
      [1, 2, 0],
      [1, 0, 0],
    ]);
    expect(accuracy).toBe(7 / 10);
    expect(classes.map(({ texts }) => texts)).toEqual([6, 3, 1]);
    const close = (values: readonly number[], expected: readonly number[]) =>
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 12);
      });
    close(
      classes.map(({ precision }) => precision),
      [5 / 7, 2 / 3, 0],
    );
    close(
      classes.map(({ recall }) => recall),
      [5 / 6, 2 / 3, 0],
    );
    close(
      classes.map(({ f1 }) => f1),
      [10 / 13, 2 / 3, 0],
    );
    expect(macroF1).toBeCloseTo(56 / 117, 12);
  });

  it("counts 0 for a class that is told and not there, and leaves out one that is neither", () => {
    const { accuracy, macroF1, classes, confusion } = classScores([0, 0, 1], [0, 2, 1], 4);
    expect(confusion).toEqual([
      [1, 0, 1, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(accuracy).toBeCloseTo(2 / 3, 12);
    expect(classes[2]).toEqual({ texts: 0, precision: 0, recall: 0, f1: 0 });
    expect(classes[3]).toEqual({ texts: 0, precision: 0, recall: 0, f1: 0 });
    expect(macroF1).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
  });

  it("is 1 where all is right and 0 where nothing is", () => {
    expect(classScores([0, 1, 2, 1], [0, 1, 2, 1], 3)).toMatchObject({ accuracy: 1, macroF1: 1 });
    expect(classScores([0, 1, 0, 1], [1, 0, 1, 0], 2)).toMatchObject({ accuracy: 0, macroF1: 0 });
  });

  it("does not depend on the order of the texts, nor on the numbers of the classes", () => {
    const answers = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(answers, (pairs) => {
        const scores = (of: typeof pairs) =>
          classScores(
            of.map(([truth]) => truth),
            of.map(([, told]) => told),
            4,
          );
        const straight = scores(pairs);
        expect(scores(pairs.toReversed())).toEqual(straight);
        const renamed = scores(pairs.map(([truth, told]) => [3 - truth, 3 - told]));
        expect(renamed.accuracy).toBe(straight.accuracy);
        expect(renamed.macroF1).toBeCloseTo(straight.macroF1, 12);
        expect(renamed.classes.toReversed()).toEqual(straight.classes);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[number[], number[], RegExp]>([
    [[], [], /0 classes and 0 told ones; wants as many, at least one/],
    [[0, 1], [0], /2 classes and 1 told ones/],
    [[0, 3], [0, 0], /text 1 is of class 3, told 0; classes are 0 … 2/],
    [[0, 1], [0, 3], /text 1 is of class 1, told 3/],
    [[-1], [0], /text 0 is of class -1/],
    [[0], [0.5], /text 0 is of class 0, told 0.5/],
    [[Number.NaN], [0], /text 0 is of class NaN/],
  ])("refuses %j and %j", (truth, told, message) => {
    expect(() => classScores(truth, told, 3)).toThrow(RangeError);
    expect(() => classScores(truth, told, 3)).toThrow(message);
  });
});
