import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FilmHeader, TrainingMoment } from "../../src/studio/training-wire.ts";
import { u8sqrt } from "../../src/studio/u8-sqrt.ts";
import { changedWords } from "../../studio/drawing/changed-words.ts";
import { briefStep, nameOfStep } from "../../studio/training/brief-step.ts";
import {
  type Curve,
  differsFromFormula,
  extended,
  hasFormula,
  NO_CURVE,
  placeAt,
  tabled,
  thinned,
} from "../../studio/training/curve.ts";
import { type FilmReel, frameWeights, sharpestHead, strongest } from "../../studio/training/film-frames.ts";
import { columnsUpTo } from "../../studio/training/looks-beside.ts";
import { marksOf, validations } from "../../studio/training/marks.ts";

const moment = (step: number, more: Partial<TrainingMoment> = {}): TrainingMoment => ({
  ...{ state: "run", step, total: 100, epoch: 1, loss: 1 / step, acc: 0, lr: 0.1, lrFormula: 0.1, tokPerSec: 9 },
  ...{ etaSec: 1, looks: 0, runs: 0 },
  ...more,
});

describe("the curve of a run", () => {
  it("grows with what is told live, each step once, and keeps validations", () => {
    const first = extended(NO_CURVE, [moment(1), moment(2), moment(2, { valLoss: 0.4, valAcc: 0.5 })]);
    const next = extended(first, [moment(2), moment(3), moment(3, { state: "stopping" })]);
    expect(next.steps).toEqual([1, 2, 3]);
    expect(next.loss).toEqual([1, 1 / 2, 1 / 3]);
    expect(next.valLoss).toEqual([null, 0.4, null]);
    expect(extended(next, [moment(1, { loss: 7 })])).toBe(next);
    expect(extended(NO_CURVE, [moment(0, { loss: null })])).toBe(NO_CURVE);
  });

  it("of fewer points keeps its ends, its least and largest loss, and all validations", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 300, maxLength: 900 }), (loss) => {
        const column = loss.map((_, i) => i + 1);
        const valLoss = loss.map((value, i) => (i % 97 === 0 ? value : null));
        const curve: Curve = { ...NO_CURVE, ...{ steps: column, loss, valLoss, acc: loss, valAcc: valLoss, lr: loss } };
        const few = thinned(curve, 100);
        expect(few.steps.length).toBeLessThan(250);
        expect([few.steps[0], few.steps.at(-1)]).toEqual([1, loss.length]);
        expect(Math.max(...(few.loss as number[]))).toBe(Math.max(...loss));
        expect(Math.min(...(few.loss as number[]))).toBe(Math.min(...loss));
        expect(few.valLoss.filter((value) => value !== null)).toEqual(valLoss.filter((value) => value !== null));
      }),
    );
  });

  it("finds the place of a step, and a rate off its formula", () => {
    expect([0, 3, 4, 99].map((step) => placeAt([1, 3, 5], step))).toEqual([-1, 1, 1, 2]);
    const at = (lr: number) => ({ ...NO_CURVE, steps: [1], lr: [lr], lrFormula: [0.1] });
    expect(differsFromFormula(at(0.1005))).toBe(false);
    expect(differsFromFormula(at(0.102))).toBe(true);
    expect([hasFormula(at(0.1)), hasFormula({ ...at(0.1), lrFormula: [null] })]).toEqual([true, false]);
  });

  it("is a table of few rows, those with a validation before others", () => {
    const steps = Array.from({ length: 500 }, (_, i) => i + 1);
    const bare = { ...NO_CURVE, steps, valLoss: steps.map(() => null) };
    expect(tabled(bare, 5)).toEqual([0, 100, 200, 300, 400, 499]);
    const valLoss = steps.map((step) => (step % 250 === 0 ? 0.5 : null));
    expect(tabled({ ...bare, valLoss })).toEqual([0, 249, 499]);
    expect(tabled(NO_CURVE)).toEqual([]);
  });
});

describe("the marks of the scrubber", () => {
  it("stand where the run was measured, those of one place as one", () => {
    const curve = { ...NO_CURVE, steps: [1, 2, 3, 4], valLoss: [null, 0.5, null, 0.25] };
    expect(validations(curve)).toEqual([2, 4]);
    expect(marksOf([2, 4], 8)).toEqual([0.25, 0.5]);
    expect(marksOf([4000, 4001, 4002, 8000], 8000)).toEqual([0.5, 1]);
    const many = Array.from({ length: 10_000 }, (_, i) => i);
    expect(marksOf(many, 10_000).length).toBeLessThanOrEqual(401);
  });
});

describe("a step on a button", () => {
  it.each([
    [0, "0", "Step 0"],
    [999, "999", "Step 999"],
    [1542, "1.5k", "1.5k, Step 1,542"],
    [9250, "9.3k", "9.3k, Step 9,250"],
  ])("%d has a name with what is seen", (step, seen, name) => {
    expect(briefStep(step)).toBe(seen);
    expect(nameOfStep(step, `Step ${step.toLocaleString("en-US")}`)).toBe(name);
    expect(name).toContain(seen);
  });
});

describe("the words of an answer", () => {
  const marked = (now: string, before?: string) =>
    changedWords(now, before).map(({ text, changed }) => (changed ? `*${text}` : text));

  it("are marked where the answer before did not have them", () => {
    expect(marked("푹 쉬고 내일 만나요.", "푹 쉬어요. 내일 만나요.")).toEqual(["푹", "*쉬고", "내일", "만나요."]);
    expect(marked("a b a c", "a c")).toHaveLength(4);
    expect(marked("a b a c", "a c").filter((word) => word.startsWith("*"))).toHaveLength(2);
    expect(marked("새 답", undefined)).toEqual(["새", "답"]);
    expect(marked("", "무엇")).toEqual([]);
  });

  it("are unchanged exactly as many as the longest common subsequence has", () => {
    const words = fc.array(fc.constantFrom("가", "나", "다"), { maxLength: 7 });
    const longest = (a: string[], b: string[]): number => {
      if (a.length === 0 || b.length === 0) return 0;
      const [head, ...rest] = a;
      const at = b.indexOf(head);
      return Math.max(longest(rest, b), at < 0 ? 0 : 1 + longest(rest, b.slice(at + 1)));
    };
    fc.assert(
      fc.property(words, words, (now, before) => {
        const same = changedWords(now.join(" "), before.join(" ")).filter(({ changed }) => !changed);
        expect(same).toHaveLength(longest(now, before));
      }),
    );
  });

  it("stand in columns evenly back to the first look", () => {
    expect(columnsUpTo(-1, 4)).toEqual([]);
    expect(columnsUpTo(1, 4)).toEqual([0, 1]);
    expect(columnsUpTo(12, 4)).toEqual([0, 4, 8, 12]);
  });
});

describe("a frame of a film", () => {
  // Two frames of two heads, one row of two columns each.
  const film = {
    header: {
      heads: 2,
      rows: 1,
      cols: 2,
      layers: 2,
      entropy: [1, 1, 1, 0.47],
      steps: [0, 10],
    } as unknown as FilmHeader,
    bytes: u8sqrt([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9, 0.1]),
  } as FilmReel;

  it("is of a head or the mean of all, its rows adding to one", () => {
    for (const head of ["mean", 0, 1] as const) {
      const [a, b] = frameWeights(film, 1, head);
      expect(a + b).toBeCloseTo(1, 6);
    }
    expect(frameWeights(film, 1, 1)[0]).toBeCloseTo(0.9, 2);
    expect(frameWeights(film, 1, "mean")[0]).toBeCloseTo(0.7, 2);
  });

  it("tells its strongest link, and the film its sharpest head", () => {
    expect(strongest(frameWeights(film, 1, 1), 2)).toMatchObject({ row: 0, col: 0 });
    expect(sharpestHead(film)).toBe(1);
  });
});
