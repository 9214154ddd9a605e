import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { positionalEncoding } from "../../src/nn/positions.ts";
import type { HeadNumbers, PaddingNumbers, PositionNumbers } from "../../src/studio/lesson-wire.ts";
import { openStudio } from "../../src/studio/open-studio.ts";
import type { StudioModel } from "../../src/studio/studio-model.ts";
import { randomClassifier, randomSeq2Seq } from "../formats/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { told } from "./opened.ts";

const SRC = "오늘 영화 볼래?";
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const close = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i][j]))));

describe.each([
  ["Transformer", randomSeq2Seq(), ["enc", "dec", "cross"]],
  ["classifier, Transformer", randomClassifier({ model: "transformer" }, ["bad", "good"]), ["enc"]],
] as const)("numbers for How it works: %s", (_, loaded, kinds) => {
  let studio: StudioModel;
  beforeAll(async () => {
    studio = await openStudio(await testEngine(), loaded);
  });
  afterAll(() => studio.release());

  it.each(kinds)("of one head are those of its attention: %s", async (kind) => {
    const numbers = (await studio.lesson({ about: "head", src: SRC, kind, layer: 1, head: 2 })) as HeadNumbers;
    const { exhibit } = await told(studio.generate({ src: SRC }));
    const stack = exhibit.stacks.find((one) => one.kind === kind)!;
    expect(numbers.rows).toEqual(exhibit.axes[stack.rowTok]!.toks);
    expect(numbers.cols).toEqual(exhibit.axes[stack.colTok]!.toks);
    const [rows, cols] = [numbers.rows.length, numbers.cols.length];
    expect([numbers.q.length, numbers.k.length, numbers.v.length]).toEqual([rows, cols, cols]);
    for (let i = 0; i < rows; i++) {
      const from = ((stack.heads + 2) * rows + i) * cols;
      const powers = numbers.qk[i].map((score, j) =>
        numbers.causal && j > i ? 0 : Math.exp(score / Math.sqrt(numbers.d)),
      );
      for (let j = 0; j < cols; j++) {
        expect(Math.abs(numbers.w[i][j] - stack.weights[from + j])).toBeLessThan(1e-5);
        expect(Math.abs(powers[j] / sum(powers) - numbers.w[i][j])).toBeLessThan(1e-4);
        expect(numbers.qk[i][j]).toBeCloseTo(sum(numbers.q[i].map((value, k) => value * numbers.k[j][k])), 3);
      }
    }
  });

  it("of padding: masked it gets nothing, open it takes a share", async () => {
    const texts = [SRC, "커피", "오늘 날씨 어때요 같이 가자"];
    const request = { about: "padding", texts, layer: 0, head: 1 } as const;
    const numbers = (await studio.lesson(request)) as PaddingNumbers;
    const longest = Math.max(...numbers.texts.map(({ toks }) => toks.length));
    for (const [i, { toks, masked, open, leaked }] of numbers.texts.entries()) {
      expect(toks).toHaveLength(longest);
      const real = toks.filter(({ sp }) => sp !== "pad").length;
      const shares = open.slice(0, real).map((row) => sum(row.slice(real)));
      expect(leaked).toBeCloseTo(sum(shares) / real, 5);
      expect(leaked > 0).toBe(real < longest);
      for (const row of masked.slice(0, real)) {
        expect(sum(row.slice(0, real))).toBeCloseTo(1, 4);
        expect(sum(row.slice(real))).toBe(0);
      }
      const alone = { about: "head", src: texts[i], kind: "enc", layer: 0, head: 1 } as const;
      const { w } = (await studio.lesson(alone)) as HeadNumbers;
      expect(close(w, masked.slice(0, real))).toBeLessThan(1e-4);
    }
  });

  it("of places: only with positions does attention know that a word was moved", async () => {
    const request = { about: "position", src: SRC, from: 1, to: 2, layer: 0, head: 0 } as const;
    const numbers = (await studio.lesson(request)) as PositionNumbers;
    const { was, before, after, beforeUnplaced, afterUnplaced, encoding } = numbers;
    expect([...was].sort((a, b) => a - b)).toEqual(was.map((_, i) => i));
    expect(was).not.toEqual(was.map((_, i) => i));
    const back = (map: readonly (readonly number[])[]) => was.map((i) => was.map((j) => map[i][j]));
    expect(close(afterUnplaced, back(beforeUnplaced))).toBeLessThan(1e-4);
    expect(close(after, back(before))).toBeGreaterThan(1e-3);
    const width = loaded.config.d_model;
    const table = positionalEncoding(was.length, width);
    expect(
      close(
        encoding,
        was.map((_, i) => [...table.subarray(i * width, (i + 1) * width)]),
      ),
    ).toBeLessThan(1e-5);
    const { w } = (await studio.lesson({ about: "head", src: SRC, kind: "enc", layer: 0, head: 0 })) as HeadNumbers;
    expect(close(w, before)).toBeLessThan(1e-4);
    await expect(studio.lesson({ ...request, from: 99 })).rejects.toMatchObject({ code: "no_such" });
    await expect(studio.lesson({ ...request, layer: 9 })).rejects.toMatchObject({ code: "no_such" });
  });
});

it("of a recurrent model are the scores of its one look, whose softmax is its attention", async () => {
  const engine = await testEngine();
  for (const loaded of [
    randomSeq2Seq({ model: "recurrent" }),
    randomClassifier({ model: "recurrent" }, ["bad", "good"]),
  ]) {
    const studio = await openStudio(engine, loaded);
    const search = loaded.kind === "seq2seq" ? { beam: 3, lenPenalty: 0.6 } : {};
    const place = { kind: "align", layer: 0, head: 0 } as const;
    const { rows, cols, qk, w } = (await studio.lesson({ about: "head", src: SRC, search, ...place })) as HeadNumbers;
    const { exhibit } = await told(studio.generate({ src: SRC, ...search }));
    expect(rows).toEqual(exhibit.axes.tgt!.toks);
    expect(cols).toEqual(exhibit.axes.src!.toks);
    for (const [i, scores] of qk.entries()) {
      const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
      for (const [j, weight] of w[i].entries()) {
        expect(Math.abs(powers[j] / sum(powers) - weight)).toBeLessThan(1e-3);
        expect(Math.abs(weight - exhibit.stacks[0].weights[i * cols.length + j])).toBeLessThan(1e-5);
      }
    }
    await expect(studio.lesson({ about: "head", src: SRC, ...place, kind: "enc" })).rejects.toMatchObject({
      code: "not_offered",
    });
    await studio.release();
  }
});
