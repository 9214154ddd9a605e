import { describe, expect, it } from "vitest";
import type { BahdanauCell, DotCell, ScaledCell } from "../../src/studio/wire.ts";
import { type Step, scoreOf, softmaxTable, stepsOf } from "../../studio/attention/arithmetic-steps.ts";

const ROW = [
  [1, 0.09],
  [2, 0.2447],
  [3, 0.6652],
] as const;
const scaled: ScaledCell = {
  form: "scaled",
  d: 4,
  mask: null,
  row: ROW,
  q: [1, -1, 2, 0],
  k: [2, 1, 1.5, 9],
  qk: 4,
  scaled: 2,
  v: [1, 2, -4, 0.5],
  out: [0.3, 0.1, -1, 0],
};

function named<Name extends Step["name"]>(steps: readonly Step[], name: Name) {
  return steps.find((step) => step.name === name) as Extract<Step, { name: Name }>;
}

describe("the steps of a cell", () => {
  it("are those of scaled dot-product attention, and add up", () => {
    const steps = stepsOf(scaled, 1);
    expect(steps.map(({ name }) => name)).toEqual(["query", "key", "product", "scale", "mask", "softmax", "value"]);
    const product = named(steps, "product");
    expect(product.bars.reduce((a, b) => a + b, 0)).toBe(product.value);
    const scale = named(steps, "scale");
    expect(product.value / scale.root).toBe(scale.value);
    const value = named(steps, "value");
    expect(value.bars).toEqual(scaled.v.map((number) => number * 0.2447));
    expect(value.behind).toBe(scaled.out);
    expect(scoreOf(scaled)).toBe(2);
  });

  it("have no division where the model has none", () => {
    const { scaled: _, ...rest } = scaled;
    const dot: DotCell = { ...rest, form: "dot" };
    expect(stepsOf(dot, 0).map(({ name }) => name)).toEqual(["query", "key", "product", "mask", "softmax", "value"]);
    expect(stepsOf({ ...dot, form: "general", s: [1, 1] }, 0)[0].name).toBe("turned");
    expect(scoreOf(dot)).toBe(4);
  });

  it("are a small network where the model asks one", () => {
    const [Ws, Uh, vEnergy] = [
      [0.5, -1],
      [0.25, 0.5],
      [2, -3],
    ];
    const tanh = Ws.map((value, i) => Math.tanh(value + Uh[i]));
    const score = vEnergy[0] * tanh[0] + vEnergy[1] * tanh[1];
    const cell: BahdanauCell = {
      form: "bahdanau",
      d: 2,
      mask: null,
      row: ROW,
      s: [1],
      h: [3, -3],
      Ws,
      Uh,
      tanh,
      vEnergy,
      score,
      ctx: [1, 1],
    };
    const steps = stepsOf(cell, 2);
    expect(steps.map(({ name }) => name)).toEqual(["state", "seen", "squashed", "energy", "mask", "softmax", "value"]);
    const energy = named(steps, "energy");
    expect(energy.bars.reduce((a, b) => a + b, 0)).toBeCloseTo(energy.value, 12);
    expect(scoreOf(cell)).toBe(score);
  });
});

describe("the softmax of a row", () => {
  it("can be worked out again from its table", () => {
    const table = softmaxTable(ROW, () => false);
    const whole = table.reduce((sum, { power }) => sum + power, 0);
    for (const { power, weight } of table) expect(power / whole).toBeCloseTo(weight, 3);
  });

  it("leaves masked scores out", () => {
    const table = softmaxTable(
      [
        [1, 1],
        [9, 0],
      ],
      (col) => col === 1,
    );
    expect(table.map(({ power }) => power)).toEqual([1, 0]);
  });
});
