import { isHeader } from "./column-names.ts";
import { CsvRows, type Dialect } from "./csv-rows.ts";
import { DataError, isProblem, shorten } from "./data-error.ts";
import { jsonObject } from "./json-rows.ts";
import type { Line } from "./lines.ts";
import type { Row } from "./row.ts";

/** Rows of a delimited file's beginning, read in one dialect. */
export interface Trial {
  dialect: Dialect;
  rows: Row[];
  problems: number;
  /** The number of fields of the header, if it is known, or else the most common one. */
  width: number;
}

/** In order of preference where two fit equally well: what is rarer in prose comes first. */
const DELIMITERS = ["\t", ",", ";", "|"];

/**
 * Whether a file holds JSON, one object a line, or delimited rows: from its name, or else from its first line.
 *
 * @throws DataError if it is a JSON array
 */
export function sniffKind(file: string, lines: readonly Line[]): "jsonl" | "delimited" {
  const extension = /\.([^./\\]+)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === "jsonl" || extension === "ndjson") return "jsonl";
  if (extension === "csv" || extension === "tsv") return "delimited";
  const first = lines.find(({ text }) => text.trim() !== "");
  if (first !== undefined && jsonObject(first.text) !== undefined) return "jsonl";
  if (extension === "json") {
    throw new DataError(
      `this JSON is not one object a line; write it as JSONL (jq -c '.[]' file.json > file.jsonl). It starts with ${shorten(first?.text ?? "")}`,
      { file, line: first?.number ?? 1 },
    );
  }
  return "delimited";
}

/**
 * Finds delimiter and quoting: the dialect in which the most rows have the same number of fields, two or more, and
 * the first row is preferably a header with known names. A `.tsv` file is only tried with tabs.
 *
 * @throws DataError if the file has only one column
 */
export function sniffDialect(file: string, lines: readonly Line[]): Trial {
  const candidates = /\.tsv(\.gz)?$/i.test(file) ? ["\t"] : DELIMITERS;
  let best: Trial | undefined;
  let bestScore = 0;
  for (const delimiter of candidates) {
    if (!lines.some(({ text }) => text.includes(delimiter))) continue;
    const trial = delimiter === "\t" ? tabTrial(file, lines) : tryDialect(file, lines, { delimiter, quoted: true });
    const score = fitness(trial);
    if (score <= bestScore) continue;
    best = trial;
    bestScore = score;
  }
  if (best !== undefined) return best;
  const first = lines.find(({ text }) => text.trim() !== "");
  if (first === undefined) throw new DataError("the file is empty: it has no line that is not blank", { file });
  if (/\r(?!$)/.test(first.text)) {
    throw new DataError("the lines end in a lone CR; save the file with line ends LF or CRLF", { file, line: 1 });
  }
  const tried = candidates.length === 1 ? "a tab" : "a tab, comma, semicolon or |";
  throw new DataError(
    `only one column: ${tried} does not split the lines, which start with ${shorten(first.text)}; a source and a target column are needed`,
    { file, line: first.number },
  );
}

function fitness({ rows, problems, width }: Trial): number {
  if (width < 2) return 0;
  const even = rows.filter(({ fields }) => fields.length === width).length / (rows.length + problems);
  return even + (isHeader(rows[0]!.fields) ? 1 : 0);
}

function tryDialect(file: string, lines: readonly Line[], dialect: Dialect): Trial {
  const reader = new CsvRows(file, dialect);
  const items = [...reader.read(lines), ...reader.end()];
  const rows = items.filter((item): item is Row => !isProblem(item));
  return { dialect, rows, problems: items.length - rows.length, width: widthOf(rows) };
}

/**
 * Tabs make plain fields in which a quote is an ordinary character, unless the file shows that it is quoted: every
 * line starts and ends with a quote, or quoted fields hold a tab, a line break or a doubled quote, in more rows than
 * quotes are misplaced in.
 */
function tabTrial(file: string, lines: readonly Line[]): Trial {
  const quoted = tryDialect(file, lines, { delimiter: "\t", quoted: true });
  const proofs = quoted.rows.filter(
    ({ fields }) => fields.length === quoted.width && fields.some((field) => /[\t\n"]/.test(field)),
  ).length;
  const everyLine = lines.every(({ text }) => text === "" || /^".*"$/.test(text)) && quoted.problems === 0;
  if (everyLine || proofs > quoted.problems) return quoted;
  return tryDialect(file, lines, { delimiter: "\t", quoted: false });
}

function widthOf(rows: readonly Row[]): number {
  if (rows[0] !== undefined && isHeader(rows[0].fields)) return rows[0].fields.length;
  const counts = new Map<number, number>();
  for (const { fields } of rows) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  let common = 0;
  for (const [width, count] of counts) if (count > (counts.get(common) ?? 0)) common = width;
  return common;
}
