import { DataError } from "./data-error.ts";
import type { LabelledFile, LabelledText } from "./labelled-texts.ts";
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

/** What a file of labelled texts holds, as far as training is concerned. */
export interface LabelReport {
  /** `kept` and all the dropped ones. */
  rows: number;
  kept: number;
  dropped: Dropped[];
  /** Rows whose text is that of an earlier one. */
  duplicates: number;
  /** Texts that come with more than one label. */
  contradictions: number;
  /** How many texts each class has, the largest first. */
  classes: { label: string; count: number }[];
  /** In Unicode characters (code points). */
  characters: LengthSummary;
  /** Only if token ids were given. */
  tokens?: LengthSummary;
  /** Texts that are cut because they are longer than the model reads, in tokens. */
  cut?: { maxLength: number; texts: number };
  /** Tokens that the vocabulary does not have. */
  unknown?: { tokens: number; share: number };
}

export interface LabelReportOptions {
  /** The token ids of every text. */
  ids?: readonly (readonly number[])[];
  /** How many tokens of a text the model reads. */
  maxLength?: number;
  unknownId?: number;
}

/**
 * Describes labelled texts before they are trained on.
 *
 * @throws DataError if there are no texts
 */
export function reportLabelled(
  { texts, problems }: Pick<LabelledFile, "texts" | "problems">,
  { ids, maxLength, unknownId }: LabelReportOptions = {},
): LabelReport {
  if (texts.length === 0) throw new DataError("there are no texts to report on; check the file and its columns");
  const labels = labelsByText(texts);
  const lengths = ids?.map(({ length }) => length);
  const unknown = ids?.reduce((sum, one) => sum + one.filter((id) => id === unknownId).length, 0);
  return {
    rows: texts.length + problems.length,
    kept: texts.length,
    dropped: countReasons(problems),
    duplicates: texts.length - labels.size,
    contradictions: [...labels.values()].filter(({ size }) => size > 1).length,
    classes: countClasses(texts),
    characters: summarize(texts.map(({ text }) => countCharacters(text))),
    ...(lengths && { tokens: summarize(lengths) }),
    ...(lengths &&
      maxLength !== undefined && { cut: { maxLength, texts: lengths.filter((length) => length > maxLength).length } }),
    ...(lengths &&
      unknown !== undefined && {
        unknown: {
          tokens: unknown,
          share:
            unknown /
            Math.max(
              1,
              lengths.reduce((sum, length) => sum + length, 0),
            ),
        },
      }),
  };
}

/** The report as lines of plain text. */
export function formatLabelReport(report: LabelReport): string {
  const { rows, kept, dropped, duplicates, contradictions, classes, characters, tokens, cut, unknown } = report;
  const lines = [
    `rows read         ${grouped(rows)}`,
    `kept              ${grouped(kept)}`,
    `dropped           ${grouped(rows - kept)}`,
    ...dropped.map(({ reason, count, firstLine }) => `  ${reason}: ${grouped(count)}, first on line ${firstLine}`),
    `classes           ${classes.map(({ label, count }) => `${label} ${grouped(count)} (${percentOf(count, kept)})`).join(", ")}`,
    `duplicates        ${grouped(duplicates)} (${percentOf(duplicates, kept)})`,
    `characters        ${lengthsInWords(characters)}`,
  ];
  if (contradictions > 0) lines.push(`contradictions    texts with more than one label: ${grouped(contradictions)}`);
  if (tokens) lines.push(`tokens            ${lengthsInWords(tokens)}`);
  if (cut)
    lines.push(
      `cut               ${grouped(cut.texts)} texts (${percentOf(cut.texts, kept)}) over ${cut.maxLength} tokens`,
    );
  if (unknown)
    lines.push(`unknown           ${grouped(unknown.tokens)} tokens (${(100 * unknown.share).toFixed(1)} %)`);
  return lines.join("\n");
}

/** How many texts each class has, the largest first. */
function countClasses(texts: readonly LabelledText[]): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { label } of texts) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
}

function labelsByText(texts: readonly LabelledText[]): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const { text, label } of texts) {
    const of = labels.get(text);
    if (of === undefined) labels.set(text, new Set([label]));
    else of.add(label);
  }
  return labels;
}
