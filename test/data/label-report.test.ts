import { expect, test } from "vitest";
import { formatLabelReport, reportLabelled } from "../../src/data/label-report.ts";

const texts = [
  { text: "좋다", label: "p", line: 2 },
  { text: "나쁘다 😀", label: "n", line: 3 },
  { text: "좋다", label: "p", line: 4 },
  { text: "그저 그렇다", label: "n", line: 5 },
  { text: "그저 그렇다", label: "p", line: 6 },
  { text: "그저 그렇다", label: "n", line: 7 },
  { text: "또", label: "x", line: 8 },
  { text: "또 본다", label: "p", line: 9 },
];
const problem = (line: number, reason: string) => ({ file: "x.csv", line, reason, value: '"x"' });
const problems = [problem(10, "empty text"), problem(11, "empty label"), problem(12, "empty label")];
const UNKNOWN = 3;
const ids = [[4], [5, UNKNOWN], [4], [6, 7], [6, 7], [6, 7], [8], [8, UNKNOWN, UNKNOWN, 9]];

test("a report counts rows, classes, duplicates, contradictions, lengths and what is cut", () => {
  const report = reportLabelled({ texts, problems }, { ids, maxLength: 1, unknownId: UNKNOWN });
  expect(report).toEqual({
    rows: 11,
    kept: 8,
    dropped: [
      { reason: "empty label", count: 2, firstLine: 11 },
      { reason: "empty text", count: 1, firstLine: 10 },
    ],
    duplicates: 3,
    contradictions: 1,
    classes: [
      { label: "p", count: 4 },
      { label: "n", count: 3 },
      { label: "x", count: 1 },
    ],
    characters: { mean: 4, median: 4.5, percentile95: 6, max: 6 },
    tokens: { mean: 15 / 8, median: 2, percentile95: 4, max: 4 },
    cut: { maxLength: 1, texts: 5 },
    unknown: { tokens: 3, share: 3 / 15 },
  });
  expect(formatLabelReport(report)).toBe(
    [
      "rows read         11",
      "kept              8",
      "dropped           3",
      "  empty label: 2, first on line 11",
      "  empty text: 1, first on line 10",
      "classes           p 4 (50.0 %), n 3 (37.5 %), x 1 (12.5 %)",
      "duplicates        3 (37.5 %)",
      "characters        mean 4.0, median 4.5, 95 % 6, max 6",
      "contradictions    texts with more than one label: 1",
      "tokens            mean 1.9, median 2, 95 % 4, max 4",
      "cut               5 texts (62.5 %) over 1 tokens",
      "unknown           3 tokens (20.0 %)",
    ].join("\n"),
  );
});

test("a text as long as the model reads is not cut", () => {
  const { cut } = reportLabelled({ texts, problems: [] }, { ids, maxLength: 2 });
  expect(cut).toEqual({ maxLength: 2, texts: 1 });
});

test("what was not asked for, and contradictions that there are none of, are not told", () => {
  const report = reportLabelled({ texts: texts.slice(0, 3), problems: [] }, { maxLength: 1 });
  expect(report).toMatchObject({ rows: 3, duplicates: 1, contradictions: 0 });
  for (const key of ["tokens", "cut", "unknown"]) expect(report).not.toHaveProperty(key);
  expect(formatLabelReport(report)).not.toMatch(/contradictions|tokens|cut|unknown/);
});

test("no texts are an error", () => {
  expect(() => reportLabelled({ texts: [], problems })).toThrow("there are no texts to report on");
});
