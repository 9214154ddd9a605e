import { isHeader, plainName } from "./column-names.ts";
import { CsvRows } from "./csv-rows.ts";
import { DataError, isProblem, type Problem, problemError, shorten } from "./data-error.ts";
import { jsonObject, jsonRows } from "./json-rows.ts";
import { type Line, readLines } from "./lines.ts";
import type { Column, ColumnChoice, Row } from "./row.ts";
import { sniffDialect, sniffKind, type Trial } from "./sniff.ts";
import { checkFile, isGzipName } from "./text-file.ts";

/** How a file is written, as found. */
export interface TableFormat {
  kind: "csv" | "tsv" | "jsonl";
  /** Between fields; not for JSONL. */
  delimiter?: string;
  /** Whether `"…"` may surround a field; not for JSONL. */
  quoted?: boolean;
  /** Whether the first row names the columns; not for JSONL. */
  header?: boolean;
  /** Compressed with gzip. */
  gzip: boolean;
}

interface Found {
  format: TableFormat;
  columns: readonly string[];
  /** The physical line of the header. */
  headerLine?: number;
  sample: readonly string[][];
}

/** So much of a file, in characters, is looked at to find out how it is written. */
const SAMPLE = 2 ** 17;

/**
 * A file of rows: CSV, TSV or JSONL, plain or `.gz`, in UTF-8 (with or without byte order mark; LF, CRLF or both).
 * Rows are streamed: memory does not grow with the file.
 *
 * - `.jsonl` and `.ndjson` hold one JSON object a line; `.csv` and `.tsv` delimited rows; other names are judged by
 *   their first line.
 * - The delimiter (tab, comma, semicolon or `|`) is the one that splits the beginning most evenly.
 * - Tab-separated fields are plain, a quote is an ordinary character, unless the beginning shows that they are quoted
 *   (every line starts and ends with a quote, or quoted fields hold tabs, line breaks or doubled quotes). Fields
 *   between other delimiters may be quoted, with `""` for a quote.
 * - The first row is a header if it holds names that go together (`Q,A`; `source,target`; `ko,en`; …), if all of it is
 *   well-known names (`id,document,label`), or if the caller names columns. Every other first row is data.
 */
export class Table {
  readonly file: string;
  readonly format: TableFormat;
  /** The names of the header or of the JSON keys; `"1"`, `"2"`, … where there is no header. */
  readonly columns: readonly string[];
  /** The first rows of a delimited file, for judging columns. */
  readonly sample: readonly string[][];
  readonly #headerLine: number | undefined;

  private constructor(file: string, found: Found) {
    this.file = file;
    this.format = found.format;
    this.columns = found.columns;
    this.sample = found.sample;
    this.#headerLine = found.headerLine;
  }

  /**
   * Looks at the beginning of a file and finds out how it is written.
   *
   * @param choices the columns the caller will ask for; a name among them says that the first row is a header
   * @throws DataError if the file is missing, a folder, empty, binary, damaged, only a header, or has only one column
   */
  static async open(file: string, choices: readonly ColumnChoice[] = []): Promise<Table> {
    await checkFile(file);
    const { lines, whole } = await beginning(file);
    checkEncoding(file, lines);
    if (sniffKind(file, lines) === "jsonl") return new Table(file, findKeys(file, lines));
    const trial = sniffDialect(file, lines);
    const found = findColumns(file, trial, choices);
    if (found.headerLine !== undefined && trial.rows.length === 1 && trial.problems === 0 && whole) {
      throw new DataError("there is only a header; add rows below it", { file, line: found.headerLine });
    }
    return new Table(file, found);
  }

  /**
   * The column of this name (exact, or else without regard to letter case) or of this number, from 1.
   *
   * @throws DataError listing the columns there are
   */
  column(choice: ColumnChoice): Column {
    const wanted = String(choice);
    for (const alike of [(name: string) => name === wanted, (name: string) => plainName(name) === plainName(wanted)]) {
      const index = this.columns.findIndex(alike);
      if (index < 0) continue;
      if (index === this.columns.findLastIndex(alike)) return { name: this.columns[index]!, index };
      throw new DataError(`two columns are named "${wanted}"; choose by number. ${this.listing()}`, this);
    }
    const index = /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1;
    const name = this.columns[index];
    if (name === undefined) throw new DataError(`there is no column "${wanted}". ${this.listing()}`, this);
    return { name, index };
  }

  /**
   * Reads the file from its beginning: each row with the fields of these columns, and each bad row as a problem, in
   * the order of the file. Blank lines are neither.
   *
   * @param strict throw at the first problem
   * @throws DataError if a line is longer than 1 MiB or the file is damaged; if strict, at a problem
   */
  async *rows(columns: readonly Column[], { strict = false } = {}): AsyncGenerator<Row | Problem> {
    for await (const items of this.#items(columns)) {
      for (const item of items) {
        if (item.line === this.#headerLine) continue;
        if (strict && isProblem(item)) throw problemError(item);
        yield item;
      }
    }
  }

  async *#items(columns: readonly Column[]): AsyncGenerator<(Row | Problem)[]> {
    const { delimiter, quoted } = this.format;
    if (delimiter === undefined || quoted === undefined) {
      for await (const lines of readLines(this.file)) yield jsonRows(this.file, lines, columns);
      return;
    }
    const choose = (item: Row | Problem) =>
      isProblem(item) ? item : { line: item.line, fields: columns.map(({ index }) => item.fields[index]!) };
    const reader = new CsvRows(this.file, { delimiter, quoted }, this.columns.length);
    for await (const lines of readLines(this.file)) yield reader.read(lines).map(choose);
    yield reader.end().map(choose);
  }

  /** The columns, or the first row of a file without names, for messages. */
  listing(): string {
    if (this.format.header === false) {
      const first = this.sample[0]?.map((field, i) => `${i + 1} ${shorten(field, 20)}`).join(", ");
      return `The file has no header that is known; its columns by number: ${first}`;
    }
    return `The columns are ${this.columns.map((name) => shorten(name, 30)).join(", ")}`;
  }
}

async function beginning(file: string): Promise<{ lines: Line[]; whole: boolean }> {
  const lines: Line[] = [];
  let size = 0;
  for await (const group of readLines(file)) {
    for (const line of group) {
      lines.push(line);
      size += line.text.length;
      if (size > SAMPLE) return { lines, whole: false };
    }
  }
  return { lines, whole: true };
}

function checkEncoding(file: string, lines: readonly Line[]): void {
  const broken = lines.filter(({ defect }) => defect !== undefined);
  if (broken[0] === undefined || broken.length * 2 < lines.length) return;
  throw new DataError(
    `this is not UTF-8 text: ${shorten(broken[0].text)}; save it as UTF-8 (Korean Excel: iconv -f cp949 -t utf-8)`,
    { file, line: broken[0].number },
  );
}

function findKeys(file: string, lines: readonly Line[]): Found {
  const columns = [...new Set(lines.flatMap(({ text }) => Object.keys(jsonObject(text) ?? {})))];
  if (columns.length < 2) {
    const first = lines.find(({ text }) => text.trim() !== "");
    const what = first === undefined ? "the file is empty: every line is blank" : `starts with ${shorten(first.text)}`;
    const keys = first === undefined ? "" : "; each line must be a JSON object with a source and a target key";
    throw new DataError(what + keys, { file, line: first?.number ?? 1 });
  }
  return { format: { kind: "jsonl", gzip: isGzipName(file) }, columns, sample: [] };
}

function findColumns(file: string, { dialect, rows, width }: Trial, choices: readonly ColumnChoice[]): Found {
  const [first, ...others] = rows;
  const named = choices.some((choice) => !/^\d+$/.test(String(choice)));
  const header = named || isHeader(first!.fields);
  const format: TableFormat = {
    kind: dialect.delimiter === "\t" ? "tsv" : "csv",
    ...dialect,
    header,
    gzip: isGzipName(file),
  };
  if (header) {
    const columns = first!.fields.map((name) => name.trim());
    return { format, columns, headerLine: first!.line, sample: others.map(({ fields }) => fields) };
  }
  const columns = Array.from({ length: width }, (_, i) => String(i + 1));
  return { format, columns, sample: rows.map(({ fields }) => fields) };
}
