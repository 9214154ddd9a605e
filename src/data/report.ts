import { DataError, type Problem } from "./data-error.ts";
import type { Pair } from "./pair.ts";
import {
  countCharacters,
  countReasons,
  type Dropped,
  grouped,
  type LengthSummary,
  lengthsInWords,
  percentOf,
  summarize,
} from "./summary.ts";

/** What a file of pairs holds, as far as training is concerned. */
export interface DataReport {
  /** `kept` and all the dropped ones. */
  rows: number;
  kept: number;
  dropped: Dropped[];
  /** Pairs that are equal to an earlier one in source and target. */
  duplicates: number;
  distinctSources: number;
  distinctTargets: number;
  /** In Unicode characters (code points). */
  sourceCharacters: LengthSummary;
  targetCharacters: LengthSummary;
  /** In tokens; only if an encoder was given. */
  sourceTokens?: LengthSummary;
  targetTokens?: LengthSummary;
  /** In tokens if an encoder was given, else in characters; only if a limit was given. */
  tooLong?: { maxLength: number; sources: number; targets: number; pairs: number };
  /** Characters the vocabulary does not have; only if a counter was given. */
  unknownCharacters?: { characters: number; pairs: number };
}

export interface ReportOptions {
  /** The tokens of a text; only their number matters. */
  encode?: (text: string) => ArrayLike<unknown>;
  /** The longest source or target that training keeps whole, in tokens if `encode` is given, else in characters. */
  maxLength?: number;
  /** How many characters of a text are unknown. */
  countUnknown?: (text: string) => number;
}

/**
 * Describes pairs before they are trained on.
 *
 * @throws DataError if there are no pairs
 */
export function reportPairs(
  { pairs, problems }: { pairs: readonly Pair[]; problems: readonly Problem[] },
  { encode, maxLength, countUnknown }: ReportOptions = {},
): DataReport {
  if (pairs.length === 0) throw new DataError("there are no pairs to report on; check the file and its columns");
  const sources = pairs.map(({ source }) => source);
  const targets = pairs.map(({ target }) => target);
  const sourceCharacters = sources.map(countCharacters);
  const targetCharacters = targets.map(countCharacters);
  const sourceTokens = encode && sources.map((text) => encode(text).length);
  const targetTokens = encode && targets.map((text) => encode(text).length);
  return {
    rows: pairs.length + problems.length,
    kept: pairs.length,
    dropped: countReasons(problems),
    duplicates: pairs.length - new Set(pairs.map(({ source, target }) => JSON.stringify([source, target]))).size,
    distinctSources: new Set(sources).size,
    distinctTargets: new Set(targets).size,
    sourceCharacters: summarize(sourceCharacters),
    targetCharacters: summarize(targetCharacters),
    ...(sourceTokens && { sourceTokens: summarize(sourceTokens) }),
    ...(targetTokens && { targetTokens: summarize(targetTokens) }),
    ...(maxLength !== undefined && {
      tooLong: countLong(sourceTokens ?? sourceCharacters, targetTokens ?? targetCharacters, maxLength),
    }),
    ...(countUnknown && { unknownCharacters: countUnknowns(pairs, countUnknown) }),
  };
}

/** The report as lines of plain text. */
export function formatReport(report: DataReport): string {
  const dropped = report.rows - report.kept;
  const unit = report.sourceTokens ? "tokens" : "characters";
  const lines = [
    `rows read         ${grouped(report.rows)}`,
    `kept              ${grouped(report.kept)}`,
    `dropped           ${grouped(dropped)}`,
    ...report.dropped.map(
      ({ reason, count, firstLine }) => `  ${reason}: ${grouped(count)}, first on line ${firstLine}`,
    ),
    `duplicates        ${grouped(report.duplicates)} (${percentOf(report.duplicates, report.kept)})`,
    `distinct sources  ${grouped(report.distinctSources)} (${percentOf(report.distinctSources, report.kept)})`,
    `distinct targets  ${grouped(report.distinctTargets)} (${percentOf(report.distinctTargets, report.kept)})`,
    `source characters ${lengthsInWords(report.sourceCharacters)}`,
    `target characters ${lengthsInWords(report.targetCharacters)}`,
  ];
  if (report.sourceTokens) lines.push(`source tokens     ${lengthsInWords(report.sourceTokens)}`);
  if (report.targetTokens) lines.push(`target tokens     ${lengthsInWords(report.targetTokens)}`);
  if (report.tooLong) {
    const { maxLength, pairs, sources, targets } = report.tooLong;
    lines.push(
      `too long          ${grouped(pairs)} pairs (${percentOf(pairs, report.kept)}) over ${maxLength} ${unit}: ${grouped(sources)} sources, ${grouped(targets)} targets`,
    );
  }
  if (report.unknownCharacters) {
    const { characters, pairs } = report.unknownCharacters;
    lines.push(`unknown           ${grouped(characters)} characters in ${grouped(pairs)} pairs`);
  }
  return lines.join("\n");
}

function countLong(
  sources: readonly number[],
  targets: readonly number[],
  maxLength: number,
): DataReport["tooLong"] & object {
  const over = (length: number | undefined) => length !== undefined && length > maxLength;
  return {
    maxLength,
    sources: sources.filter(over).length,
    targets: targets.filter(over).length,
    pairs: sources.filter((length, i) => over(length) || over(targets[i])).length,
  };
}

function countUnknowns(pairs: readonly Pair[], count: (text: string) => number): { characters: number; pairs: number } {
  const counts = pairs.map(({ source, target }) => count(source) + count(target));
  return { characters: counts.reduce((sum, n) => sum + n, 0), pairs: counts.filter((n) => n > 0).length };
}
