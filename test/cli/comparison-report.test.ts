import { describe, expect, it } from "vitest";
import { comparisonChart, comparisonNotes, comparisonTable, lengthTable } from "../../src/cli/comparison-report.ts";
import type { ComparedModel } from "../../src/training/compare.ts";

const PARTS = [
  { shortest: 1, longest: 4, words: 3, examples: 1200 },
  { shortest: 5, longest: 5, words: 5, examples: 60 },
];

function writer(name: string, { bleus, leftOut = 0 }: { bleus: readonly number[]; leftOut?: number }): ComparedModel {
  const measures = { loss: 2, perplexity: Math.exp(2), accuracy: 0.5, exactMatch: 0.25 };
  return {
    ...{ name, folder: name, own: {}, parameters: 12345, epochs: 2, seconds: 90 },
    curve: [
      { seconds: 45, epoch: 1, loss: 3, perplexity: Math.exp(3), accuracy: 0.4 },
      { seconds: 90, epoch: 2, loss: 2, perplexity: Math.exp(2), accuracy: 0.5 },
    ],
    scores: {
      ...{ ...measures, bleu: 20, examples: 1260, leftOut },
      byLength: PARTS.map((part, i) => ({ ...measures, ...part, bleu: bleus[i] })),
    },
  };
}

function classifier(name: string, accuracies: readonly number[]): ComparedModel {
  const measures = { loss: 0.5, accuracy: 0.8, macroF1: 0.79 };
  return {
    ...{ name, folder: name, own: {}, parameters: 10, epochs: 1, seconds: 30 },
    curve: [{ seconds: 30, epoch: 1, loss: 0.5, perplexity: Math.exp(0.5), accuracy: 0.8 }],
    scores: {
      ...{ ...measures, examples: 1260, leftOut: 0 },
      byLength: PARTS.map((part, i) => ({ ...measures, ...part, accuracy: accuracies[i] })),
    },
  };
}

const WRITERS = [writer("gru", { bleus: [20, 10] }), writer("transformer", { bleus: [30, 25], leftOut: 7 })];
const JUDGES = [classifier("bag", [0.9, 0.7]), classifier("lstm", [0.8, 0.85])];

describe("what a comparison tells", () => {
  it("has a row a model, in minutes and under the names of what was measured", () => {
    expect(comparisonTable(WRITERS)).toEqual([
      ["model", "parameters", "epochs", "minutes", "loss", "perplexity", "token accuracy", "BLEU", "exact match"],
      ["gru", "12,345", "2", "1.5", "2.0000", "7.39", "50.0 %", "20.00", "25.0 %"],
      ["transformer", "12,345", "2", "1.5", "2.0000", "7.39", "50.0 %", "20.00", "25.0 %"],
    ]);
    expect(comparisonTable(JUDGES)[0]).toEqual([
      ...["model", "parameters", "epochs", "minutes", "loss", "accuracy", "macro F1"],
    ]);
  });

  it("tells by length how many examples each part has", () => {
    expect(lengthTable(WRITERS)).toEqual([
      ["BLEU by words", "1–4", "5"],
      ["examples", "1,200", "60"],
      ["gru", "20.00", "10.00"],
      ["transformer", "30.00", "25.00"],
    ]);
    expect(lengthTable(JUDGES).at(-1)).toEqual(["lstm", "80.0 %", "85.0 %"]);
  });

  it("says what was not measured, and which options a model does not share", () => {
    expect(comparisonNotes(WRITERS)).toEqual([expect.stringMatching(/: 7 of transformer\.$/)]);
    expect(comparisonNotes(JUDGES)).toEqual([]);
    const [own] = comparisonNotes([{ ...JUDGES[0], own: { dModel: 64, dropout: 0.1 } }]);
    expect(own).toBe("Of its own bag has d-model 64, dropout 0.1.");
  });

  it("draws each model's own curves, in minutes and in words", () => {
    const [learning, byLength] = comparisonChart(WRITERS, "pairs.tsv").panels;
    expect(learning.y).toMatchObject({ label: "Held-out perplexity", scale: "log" });
    expect(learning.series[0]).toEqual({
      name: "gru",
      points: [
        { x: 0.75, y: Math.exp(3) },
        { x: 1.5, y: Math.exp(2) },
      ],
    });
    expect(byLength.y.label).toBe("BLEU");
    expect(byLength.series).toEqual([
      ...[
        {
          name: "gru",
          points: [
            { x: 3, y: 20 },
            { x: 5, y: 10 },
          ],
        },
      ],
      ...[
        {
          name: "transformer",
          points: [
            { x: 3, y: 30 },
            { x: 5, y: 25 },
          ],
        },
      ],
    ]);
    const judged = comparisonChart(JUDGES, "reviews.tsv").panels;
    expect(judged[0].series[1].points).toEqual([{ x: 0.5, y: 0.8 }]);
    expect(judged[1]).toMatchObject({ x: { label: "Words of the text" }, y: { label: "Accuracy" } });
    expect(judged[1].series[0].points).toEqual([
      { x: 3, y: 0.9 },
      { x: 5, y: 0.7 },
    ]);
  });
});
