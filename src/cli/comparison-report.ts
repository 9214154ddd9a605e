import type { LineChart, Series } from "../charts/chart.ts";
import type { ComparedModel } from "../training/compare.ts";
import type { Scores } from "../training/scores.ts";
import { flagName } from "./flag-name.ts";
import { grouped, percent } from "./numbers.ts";

/** A score as people read it. */
interface Measure {
  readonly name: string;
  readonly of: (scores: Scores) => number | undefined;
  readonly shown: (value: number) => string;
}

const MEASURES: readonly Measure[] = [
  { name: "loss", of: ({ loss }) => loss, shown: (value) => value.toFixed(4) },
  { name: "perplexity", of: ({ perplexity }) => perplexity, shown: (value) => value.toFixed(2) },
  { name: "accuracy", of: ({ accuracy }) => accuracy, shown: percent },
  { name: "macro F1", of: ({ macroF1 }) => macroF1, shown: (value) => value.toFixed(4) },
  { name: "BLEU", of: ({ bleu }) => bleu, shown: (value) => value.toFixed(2) },
  { name: "exact match", of: ({ exactMatch }) => exactMatch, shown: percent },
];

/** Models side by side: rows of cells, the first row the names of the columns. */
export function comparisonTable(models: readonly ComparedModel[]): string[][] {
  const measures = MEASURES.filter(({ of }) => models.every(({ scores }) => of(scores) !== undefined));
  const nameOf = ({ name }: Measure) => (name === "accuracy" && writing(models) ? "token accuracy" : name);
  return [
    ["model", "parameters", "epochs", "minutes", ...measures.map(nameOf)],
    ...models.map(({ name, parameters, epochs, seconds, scores }) => [
      name,
      grouped(parameters),
      String(epochs),
      (seconds / 60).toFixed(1),
      ...measures.map(({ of, shown }) => shown(of(scores)!)),
    ]),
  ];
}

/**
 * The score that the chart shows by length, part by part: the first row names the parts, in words, the second says how many
 * examples each has.
 */
export function lengthTable(models: readonly ComparedModel[]): string[][] {
  const { name, of, shown } = byLengthMeasure(models);
  const parts = models[0].scores.byLength;
  return [
    [
      `${name} by words`,
      ...parts.map(({ shortest, longest }) => (shortest === longest ? `${shortest}` : `${shortest}–${longest}`)),
    ],
    ["examples", ...parts.map(({ examples }) => grouped(examples))],
    ...models.map(({ name: model, scores }) => [model, ...scores.byLength.map((part) => shown(of(part)!))]),
  ];
}

/** What must be known to read the tables: the options that not all models share, and what the scores are not of. */
export function comparisonNotes(models: readonly ComparedModel[]): string[] {
  const own = models.flatMap(({ name, own }) => {
    const options = Object.entries(own).map(([key, value]) => `${flagName(key).slice(2)} ${value}`);
    return options.length === 0 ? [] : [`Of its own ${name} has ${options.join(", ")}.`];
  });
  const counts = models.filter(({ scores }) => scores.leftOut > 0);
  const some = counts.map(({ name, scores }) => `${grouped(scores.leftOut)} of ${name}`).join(", ");
  const leftOut = `Not measured, being too long for the model or without words: ${some}.`;
  return [...own, ...(counts.length > 0 ? [leftOut] : [])];
}

/** Cells as lines of text, the columns under one another. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "))
    .join("\n");
}

/** Cells as a table of Markdown. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...body.map(line)].join("\n");
}

/** Quality against time, and against length. */
export function comparisonChart(models: readonly ComparedModel[], data: string): LineChart {
  const measure = byLengthMeasure(models);
  const writes = writing(models);
  const series = (points: (model: ComparedModel) => Series["points"]): Series[] =>
    models.map((model) => ({ name: model.name, points: points(model) }));
  const asPercent = (value: number) => `${Math.round(100 * value)} %`;
  const inPercent = measure.name === "accuracy" ? { format: asPercent } : {};
  return {
    title: "Quality against time and against length",
    subtitle: data,
    panels: [
      {
        title: "While learning",
        x: { label: "Training time (minutes)", from: 0 },
        y: writes ? { label: "Held-out perplexity", scale: "log" } : { label: "Held-out accuracy", format: asPercent },
        series: series(({ curve }) =>
          curve.map(({ seconds, perplexity, accuracy }) => ({ x: seconds / 60, y: writes ? perplexity : accuracy })),
        ),
      },
      {
        title: "By length",
        x: { label: writes ? "Words of the source" : "Words of the text", from: 0 },
        y: { label: measure.name === "accuracy" ? "Accuracy" : measure.name, ...inPercent },
        series: series(({ scores }) => scores.byLength.map((part) => ({ x: part.words, y: measure.of(part)! }))),
      },
    ],
  };
}

function writing(models: readonly ComparedModel[]): boolean {
  return models.every(({ scores }) => scores.perplexity !== undefined);
}

function byLengthMeasure(models: readonly ComparedModel[]): Measure {
  const name = models.every(({ scores }) => scores.bleu !== undefined) ? "BLEU" : "accuracy";
  return MEASURES.find((measure) => measure.name === name)!;
}
