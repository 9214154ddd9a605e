import { describe, expect, it } from "vitest";
import type { LoadedModel } from "../../src/formats/loaded-model.ts";
import { openStudio } from "../../src/studio/open-studio.ts";
import type { Cell } from "../../src/studio/wire.ts";
import { randomClassifier, randomSeq2Seq } from "../formats/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { told } from "./opened.ts";

const LABELS = ["bad", "good"];
const MODELS: readonly (readonly [string, LoadedModel])[] = [
  ["Transformer", randomSeq2Seq()],
  ["Transformer, norm before", randomSeq2Seq({ norm: "pre", numLayers: 1 })],
  ["two LSTMs with Bahdanau's attention", randomSeq2Seq({ model: "recurrent" })],
  ["GRU with dot attention", randomSeq2Seq({ model: "recurrent", cell: "gru", attention: "dot", numLayers: 1 })],
  ["GRU with general attention", randomSeq2Seq({ model: "recurrent", cell: "gru", attention: "general" })],
  ["classifier, LSTM with Bahdanau's attention", randomClassifier({}, LABELS)],
  ["classifier, LSTM that attends to padding", randomClassifier({ attendPadding: true }, LABELS)],
  ["classifier, Transformer", randomClassifier({ model: "transformer" }, LABELS)],
  ["classifier, words weighed by attention", randomClassifier({ model: "bag" }, LABELS)],
];

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, i) => value * b[i]));

/** The score, out of the vectors that are told. */
function scoreOf(cell: Cell): number {
  if (cell.form === "bahdanau") {
    const energies = cell.Ws.map((value, i) => Math.tanh(value + cell.Uh[i]));
    for (const [i, energy] of energies.entries()) expect(cell.tanh[i]).toBeCloseTo(energy, 4);
    return dot(cell.vEnergy, energies) + (cell.counted ?? 0);
  }
  return cell.form === "scaled" ? dot(cell.q, cell.k) / Math.sqrt(cell.d) : dot(cell.q, cell.k);
}

function told3(cell: Cell) {
  if (cell.form === "bahdanau") return { score: cell.score, value: cell.h, sum: cell.ctx };
  return { score: cell.form === "scaled" ? cell.scaled : cell.qk, value: cell.v, sum: cell.out };
}

describe.each(MODELS)("the arithmetic of a cell: %s", (_, loaded) => {
  it("gives the weights of the model, by hand, to four digits", async () => {
    const studio = await openStudio(await testEngine(), loaded);
    const { exhibit } = await told(studio.generate({ src: "오늘 영화 볼래?" }));
    expect(exhibit.stacks.length).toBeGreaterThan(0);
    for (const { kind, layers, heads, weights, rowTok, colTok, causal } of exhibit.stacks) {
      const [rows, cols] = [exhibit.axes[rowTok]!.toks.length, exhibit.axes[colTok]!.toks.length];
      for (const [layer, head] of [
        [0, 0],
        [layers - 1, heads - 1],
      ]) {
        const row = rows - 2 >= 0 ? rows - 2 : 0;
        const cells: Cell[] = [];
        for (let column = 0; column < cols; column++) {
          cells.push(await studio.cell(exhibit.reading, { kind, layer, head, row, column }));
        }
        const from = ((layer * heads + head) * rows + row) * cols;
        const own = Array.from(weights.subarray(from, from + cols));
        const seen = cells.map((_, column) => !causal || column <= row);
        const scores = cells.map(scoreOf);
        const most = Math.max(...scores.filter((_, j) => seen[j]));
        const powers = scores.map((score, j) => (seen[j] ? Math.exp(score - most) : 0));
        for (const [j, cell] of cells.entries()) {
          expect(cell.d).toBe(cell.form === "bahdanau" ? cell.Ws.length : cell.q.length);
          expect(cell.row).toHaveLength(cols);
          expect(cell.mask).toBe(seen[j] ? null : "future");
          expect(Math.abs(told3(cell).score - scores[j])).toBeLessThan(1e-4);
          expect(Math.abs(cell.row[j][0] - scores[j])).toBeLessThan(1e-4);
          expect(Math.abs(cell.row[j][1] - own[j])).toBeLessThan(1e-6);
          expect(Math.abs(powers[j] / sum(powers) - own[j])).toBeLessThan(1e-4);
        }
        const mixed = told3(cells[0]).sum.map((_, i) => sum(cells.map((cell, j) => own[j] * told3(cell).value[i])));
        for (const [i, value] of mixed.entries()) {
          expect(Math.abs(told3(cells[0]).sum[i] - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
        }
      }
    }
    const [{ kind }] = exhibit.stacks;
    for (const wrong of [{ layer: 9 }, { head: 9 }, { row: 99 }, { column: -1 }]) {
      const place = { kind, layer: 0, head: 0, row: 0, column: 0, ...wrong };
      await expect(studio.cell(exhibit.reading, place)).rejects.toMatchObject({ code: "no_such" });
    }
    await studio.release();
  });
});

it("is not offered of a model that does not attend", async () => {
  const engine = await testEngine();
  for (const loaded of [
    randomSeq2Seq({ model: "recurrent", attention: "none" }),
    randomClassifier({ attention: "none" }, LABELS),
  ]) {
    const studio = await openStudio(engine, loaded);
    const { exhibit } = await told(studio.generate({ src: "오늘 영화" }));
    const place = { kind: "align", layer: 0, head: 0, row: 0, column: 0 } as const;
    await expect(studio.cell(exhibit.reading, place)).rejects.toMatchObject({ code: "not_offered" });
    await studio.release();
  }
});
