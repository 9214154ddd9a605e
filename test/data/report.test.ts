import { expect, test } from "vitest";
import { formatReport, reportPairs } from "../../src/data/report.ts";

const pairs = [
  { source: "안녕", target: "hello there", line: 2 },
  { source: "안녕", target: "hello there", line: 3 },
  { source: "안녕", target: "hi", line: 4 },
  { source: "잘 가😀", target: "bye", line: 5 },
];
const problem = (line: number, reason: string) => ({ file: "x.csv", line, reason, value: '"x"' });
const problems = [problem(6, "empty source"), problem(7, "not valid UTF-8"), problem(8, "not valid UTF-8")];

test("a report counts rows, duplicates, lengths and what does not fit", () => {
  const report = reportPairs(
    { pairs, problems },
    {
      encode: (text) => text.split(" "),
      maxLength: 1,
      countUnknown: (text) => [...text].filter((character) => character === "😀").length,
    },
  );
  expect(report).toEqual({
    rows: 7,
    kept: 4,
    dropped: [
      { reason: "not valid UTF-8", count: 2, firstLine: 7 },
      { reason: "empty source", count: 1, firstLine: 6 },
    ],
    duplicates: 1,
    distinctSources: 2,
    distinctTargets: 3,
    sourceCharacters: { mean: 2.5, median: 2, percentile95: 4, max: 4 },
    targetCharacters: { mean: 6.75, median: 7, percentile95: 11, max: 11 },
    sourceTokens: { mean: 1.25, median: 1, percentile95: 2, max: 2 },
    targetTokens: { mean: 1.5, median: 1.5, percentile95: 2, max: 2 },
    tooLong: { maxLength: 1, sources: 1, targets: 2, pairs: 3 },
    unknownCharacters: { characters: 1, pairs: 1 },
  });
  expect(formatReport(report)).toBe(
    [
      "rows read         7",
      "kept              4",
      "dropped           3",
      "  not valid UTF-8: 2, first on line 7",
      "  empty source: 1, first on line 6",
      "duplicates        1 (25.0 %)",
      "distinct sources  2 (50.0 %)",
      "distinct targets  3 (75.0 %)",
      "source characters mean 2.5, median 2, 95 % 4, max 4",
      "target characters mean 6.8, median 7, 95 % 11, max 11",
      "source tokens     mean 1.3, median 1, 95 % 2, max 2",
      "target tokens     mean 1.5, median 1.5, 95 % 2, max 2",
      "too long          3 pairs (75.0 %) over 1 tokens: 1 sources, 2 targets",
      "unknown           1 characters in 1 pairs",
    ].join("\n"),
  );
});

test("without an encoder the limit is in characters, and what was not asked for is not there", () => {
  const report = reportPairs({ pairs, problems: [] }, { maxLength: 3 });
  expect(report.tooLong).toEqual({ maxLength: 3, sources: 1, targets: 2, pairs: 3 });
  expect(report).not.toHaveProperty("sourceTokens");
  expect(report).not.toHaveProperty("unknownCharacters");
  expect(formatReport(report)).toContain("over 3 characters");
});

test("95 % of the texts are at most as long as the percentile", () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ source: "x".repeat(i + 1), target: "y", line: i + 1 }));
  expect(reportPairs({ pairs: many, problems: [] }).sourceCharacters).toEqual({
    mean: 50.5,
    median: 50.5,
    percentile95: 95,
    max: 100,
  });
});

test("no pairs are an error", () => {
  expect(() => reportPairs({ pairs: [], problems })).toThrow("there are no pairs to report on");
});
