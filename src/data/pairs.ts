import { suggestedPairs } from "./column-names.ts";
import { DataError, isProblem, nothingUsable, type Problem, problemError, shorten } from "./data-error.ts";
import type { Pair } from "./pair.ts";
import type { Column, ColumnChoice } from "./row.ts";
import { Table, type TableFormat } from "./table.ts";
import { fileSha256 } from "./text-file.ts";

export interface ReadPairsOptions {
  /** The column of the source texts, by name or by number from 1; found by itself if not given. */
  source?: ColumnChoice;
  /** The column of the target texts; found by itself if not given. */
  target?: ColumnChoice;
  /** A column whose equal values belong together; none if not given. */
  group?: ColumnChoice;
  /** Throw at the first bad row instead of counting it. */
  strict?: boolean;
}

/** The pairs of a file. */
export interface PairFile {
  file: string;
  /** Of the file as it is stored, as 64 hexadecimal digits. */
  sha256: string;
  format: TableFormat;
  /** The columns that were read: names, or numbers from 1 as text where there is no header. */
  columns: { source: string; target: string; group?: string };
  pairs: Pair[];
  /** The rows left out, in the order of the file. */
  problems: Problem[];
}

/**
 * Reads the pairs of a CSV, TSV or JSONL file (see {@link Table} for how it may be written). Texts are trimmed; a row
 * whose source or target is empty is a problem. JSON numbers, true and false are accepted as group, not as text.
 *
 * Columns that are not given are found by well-known names, whatever their letter case: `Q`/`A`, `source`/`target`,
 * `question`/`answer`, `input`/`output`, `prompt`/`response`, two languages (`ko`/`en`: the first is the source), `질문`/`답변`
 * and others. A file of two columns is read as source and target whatever their names. Without a header the first two
 * columns are taken, the first row included.
 *
 * @throws DataError if the file cannot be read, if the columns are not clear (listing them), or if no row is usable
 */
export async function readPairs(path: string, options: ReadPairsOptions = {}): Promise<PairFile> {
  const chosen = [options.source, options.target, options.group].filter((choice) => choice !== undefined);
  const table = await Table.open(path, chosen);
  const { source, target } = textColumns(table, options);
  const group = options.group === undefined ? undefined : { ...table.column(options.group), scalars: true };
  const wanted = group === undefined ? [source, target] : [source, target, group];
  const pairs: Pair[] = [];
  const problems: Problem[] = [];
  for await (const row of table.rows(wanted, { strict: options.strict ?? false })) {
    const item = isProblem(row) ? row : pairOf(path, row.line, row.fields);
    if (!isProblem(item)) pairs.push(item);
    else if (options.strict) throw problemError(item);
    else problems.push(item);
  }
  if (pairs.length === 0) throw nothingUsable(path, problems, "--source and --target");
  const columns = { source: source.name, target: target.name, ...(group && { group: group.name }) };
  return { file: path, sha256: await fileSha256(path), format: table.format, columns, pairs, problems };
}

function pairOf(file: string, line: number, fields: readonly string[]): Pair | Problem {
  const [source, target, group] = fields.map((field) => field.trim());
  if (!source) return { file, line, reason: "empty source", value: shorten(target ?? "") };
  if (!target) return { file, line, reason: "empty target", value: shorten(source) };
  return group === undefined ? { source, target, line } : { source, target, group, line };
}

/** The columns the caller chose, completed by those the names suggest. */
function textColumns(table: Table, options: ReadPairsOptions): { source: Column; target: Column } {
  const chosenSource = options.source === undefined ? undefined : table.column(options.source);
  const chosenTarget = options.target === undefined ? undefined : table.column(options.target);
  const suggested = suggestedColumns(table).filter(
    ({ source, target }) =>
      (chosenSource ?? source).index === source.index && (chosenTarget ?? target).index === target.index,
  );
  const source = chosenSource ?? (suggested.length === 1 ? suggested[0]!.source : other(table, chosenTarget));
  const target = chosenTarget ?? (suggested.length === 1 ? suggested[0]!.target : other(table, chosenSource));
  if (source === undefined || target === undefined) throw unclear(table, suggested);
  if (source.index === target.index) {
    throw new DataError(`column "${source.name}" is chosen both as source and as target; choose two columns`, table);
  }
  return { source, target };
}

function suggestedColumns(table: Table): { source: Column; target: Column }[] {
  const { columns, format, sample } = table;
  const at = (index: number): Column => ({ name: columns[index]!, index });
  if (format.header !== false) {
    const known = suggestedPairs(columns);
    if (known.length > 0) return known.map(({ source, target }) => ({ source: at(source), target: at(target) }));
  }
  if (columns.length === 2) return [{ source: at(0), target: at(1) }];
  if (format.header !== false) return [];
  // Numbers below the first row: an index or a label under a header that is not known, rather than text.
  const numeric = (index: number) => {
    const below = sample.slice(1).map((fields) => fields[index] ?? "");
    return below.length > 0 && below.every((field) => /^[\d.,+\-\s]*$/.test(field));
  };
  return numeric(0) || numeric(1) ? [] : [{ source: at(0), target: at(1) }];
}

/** In a table of two columns, the one that is not the chosen one. */
function other({ columns }: Table, chosen: Column | undefined): Column | undefined {
  if (chosen === undefined || columns.length !== 2) return undefined;
  return { name: columns[1 - chosen.index]!, index: 1 - chosen.index };
}

function unclear({ file, format, columns, sample }: Table, suggested: { source: Column; target: Column }[]): DataError {
  const first = sample[0] ?? [];
  const list = columns.map((name, i) =>
    format.header === false ? `${name} ${shorten(first[i] ?? "", 20)}` : `"${name}"`,
  );
  const fits = suggested.map(({ source, target }) => `"${source.name}" with "${target.name}"`).join(" or ");
  return new DataError(
    `it is not clear which columns are source and target${fits && ` (${fits})`}; the columns are ${list.join(", ")}: ` +
      "choose with --source COLUMN and --target COLUMN, by name or by number from 1",
    { file },
  );
}
