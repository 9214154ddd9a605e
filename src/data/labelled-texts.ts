import { isLabelName, isTextName } from "./column-names.ts";
import { DataError, isProblem, nothingUsable, type Problem, problemError, shorten } from "./data-error.ts";
import type { Column, ColumnChoice } from "./row.ts";
import { Table, type TableFormat } from "./table.ts";
import { fileSha256 } from "./text-file.ts";

/** A text and the name of its class. */
export interface LabelledText {
  text: string;
  label: string;
  /** Of the file, counted from 1. */
  line: number;
}

export interface ReadLabelledOptions {
  /** The column of the texts, by name or by number from 1; found by itself if not given. */
  text?: ColumnChoice;
  /** The column of the labels; found by itself if not given. */
  label?: ColumnChoice;
  /** Throw at the first bad row instead of counting it. */
  strict?: boolean;
}

/** The labelled texts of a file. */
export interface LabelledFile {
  file: string;
  /** Of the file as it is stored, as 64 hexadecimal digits. */
  sha256: string;
  format: TableFormat;
  columns: { text: string; label: string };
  texts: LabelledText[];
  /** The rows left out, in the order of the file. */
  problems: Problem[];
}

/**
 * Reads the labelled texts of a CSV, TSV or JSONL file (see {@link Table} for how it may be written). Both fields are
 * trimmed; a row without a text or a label is a problem. Labels are taken as they are written, numbers too, but in Unicode's
 * form NFC: what looks the same is the same.
 *
 * Columns that are not given are found by well-known names: `text`, `review`, `document`, `sentence` …; `label`, `class`,
 * `category`, `sentiment` ….
 *
 * @throws DataError if the file cannot be read, if the columns are not clear (listing them), or if no row is usable
 */
export async function readLabelled(path: string, options: ReadLabelledOptions = {}): Promise<LabelledFile> {
  const chosen = [options.text, options.label].filter((choice) => choice !== undefined);
  const table = await Table.open(path, chosen);
  const text = columnOf(table, options.text, isTextName, "text");
  const label = { ...columnOf(table, options.label, isLabelName, "label"), scalars: true };
  if (text.index === label.index) {
    throw new DataError(`column "${text.name}" is chosen both as text and as label; choose two columns`, table);
  }
  const texts: LabelledText[] = [];
  const problems: Problem[] = [];
  for await (const row of table.rows([text, label], { strict: options.strict ?? false })) {
    const item = isProblem(row) ? row : labelledOf(path, row.line, row.fields);
    if (!isProblem(item)) texts.push(item);
    else if (options.strict) throw problemError(item);
    else problems.push(item);
  }
  if (texts.length === 0) throw nothingUsable(path, problems, "--text and --label");
  const columns = { text: text.name, label: label.name };
  return { file: path, sha256: await fileSha256(path), format: table.format, columns, texts, problems };
}

function labelledOf(file: string, line: number, fields: readonly string[]): LabelledText | Problem {
  const [text, label] = fields.map((field) => field.trim());
  if (!text) return { file, line, reason: "empty text", value: shorten(label ?? "") };
  if (!label) return { file, line, reason: "empty label", value: shorten(text) };
  return { text, label: label.normalize("NFC"), line };
}

/** The column that was chosen, or the only one with such a name. */
function columnOf(
  table: Table,
  choice: ColumnChoice | undefined,
  fits: (name: string) => boolean,
  what: "text" | "label",
): Column {
  if (choice !== undefined) return table.column(choice);
  const found = table.columns.flatMap((name, index) => (fits(name) ? [{ name, index }] : []));
  const [only] = found;
  if (only !== undefined && found.length === 1 && table.format.header !== false) return only;
  throw new DataError(
    `it is not clear which column holds the ${what}s; name it with --${what}. ${table.listing()}`,
    table,
  );
}
