import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { isProblem, type Problem, shorten } from "./data-error.ts";
import { type Line, RECORD_LIMIT } from "./lines.ts";
import type { Row } from "./row.ts";

/** How the fields of a delimited file are told apart. */
export interface Dialect {
  delimiter: string;
  /** Whether `"…"` may surround a field, with `""` for a quote inside it; if not, quotes are ordinary characters. */
  quoted: boolean;
}

interface Framed {
  line: number;
  text: string;
  defect: string | undefined;
}

const LONE_QUOTE = "a lone or misplaced quote";

/**
 * Turns lines into rows of fields, and each bad row into a problem.
 *
 * csv-parse reads the fields. Where a row ends is found here, because a parser that meets a lone opening quote takes
 * the rest of the file for one field: a quote that is never closed, is closed in the middle of a field, or stays open
 * for more than 1 MiB costs the line it stands on and no other. Blank lines are no rows.
 */
export class CsvRows {
  readonly #file: string;
  readonly #dialect: Dialect;
  readonly #width: number | undefined;
  /** Lines of a row whose quote is still open. */
  #open: Line[] = [];
  #openLength = 0;

  /** @param width how many fields a row must have; any number if not given */
  constructor(file: string, dialect: Dialect, width?: number) {
    this.#file = file;
    this.#dialect = dialect;
    this.#width = width;
  }

  /** The rows and problems that these next lines complete, in the order of the file. */
  read(lines: readonly Line[]): (Row | Problem)[] {
    const framed: (Framed | Problem)[] = [];
    this.#frame(lines, framed);
    return this.#parse(framed);
  }

  /** The rows and problems left when the file has ended. */
  end(): (Row | Problem)[] {
    const framed: (Framed | Problem)[] = [];
    while (this.#open.length > 0) {
      const [first, ...others] = this.#take();
      framed.push(this.#problem(first!.number, LONE_QUOTE, first!.text));
      this.#frame(others, framed);
    }
    return this.#parse(framed);
  }

  #frame(lines: readonly Line[], framed: (Framed | Problem)[]): void {
    let waiting = lines;
    for (let at = 0; at < waiting.length; ) {
      const next = waiting[at++]!;
      const inside = this.#open.length > 0;
      if (!inside && isBlank(next.text, this.#dialect.delimiter)) continue;
      this.#open.push(next);
      this.#openLength += next.text.length;
      const state = this.#dialect.quoted ? scanQuotes(next.text, inside, this.#dialect.delimiter) : "closed";
      if (state === "open" && this.#openLength <= RECORD_LIMIT) continue;
      const taken = this.#take();
      if (state === "closed" && !this.#swallowedRows(taken)) {
        framed.push(join(taken));
      } else {
        framed.push(this.#problem(taken[0]!.number, LONE_QUOTE, taken[0]!.text));
        if (taken.length === 1) continue;
        waiting = [...taken.slice(1), ...waiting.slice(at)];
        at = 0;
      }
    }
  }

  /** Whether two lone quotes lines apart made one field of whole rows between them. */
  #swallowedRows(lines: readonly Line[]): boolean {
    if (lines.length < 3 || this.#width === undefined) return false;
    const isRow = (text: string) => this.#fields(text)?.[0]?.length === this.#width;
    return !isRow(join(lines).text) && lines.slice(1, -1).every((line) => isRow(line.text));
  }

  #take(): Line[] {
    const taken = this.#open;
    this.#open = [];
    this.#openLength = 0;
    return taken;
  }

  #parse(items: readonly (Framed | Problem)[]): (Row | Problem)[] {
    const checked = items.map((item) =>
      !isProblem(item) && item.defect !== undefined ? this.#problem(item.line, item.defect, item.text) : item,
    );
    const rows = this.#rows(checked.filter((item): item is Framed => !isProblem(item)));
    let next = 0;
    return checked.map((item) => (isProblem(item) ? item : rows[next++]!));
  }

  /** One item for each framed row: all in one call of csv-parse, or in halves where there is an error to find. */
  #rows(framed: readonly Framed[]): (Row | Problem)[] {
    if (framed.length === 0) return [];
    const parsed = this.#fields(framed.map(({ text }) => text).join("\n"));
    if (parsed?.length === framed.length) {
      return framed.map(({ line, text }, i) => this.#row(line, parsed[i]!, text));
    }
    if (framed.length === 1) return [this.#problem(framed[0]!.line, LONE_QUOTE, framed[0]!.text)];
    const half = framed.length >> 1;
    return [...this.#rows(framed.slice(0, half)), ...this.#rows(framed.slice(half))];
  }

  #row(line: number, fields: string[], text: string): Row | Problem {
    if (this.#width === undefined || fields.length === this.#width) return { line, fields };
    return this.#problem(line, `${fields.length} fields instead of ${this.#width}`, text);
  }

  #fields(text: string): string[][] | undefined {
    const { delimiter, quoted } = this.#dialect;
    try {
      return parse(text, { delimiter, quote: quoted ? '"' : null, record_delimiter: "\n", relax_column_count: true });
    } catch (error) {
      if (error instanceof CsvError) return undefined;
      throw error;
    }
  }

  #problem(line: number, reason: string, value: string): Problem {
    return { file: this.#file, line, reason, value: shorten(value) };
  }
}

function join(lines: readonly Line[]): Framed {
  const text = lines.map((line, i) => (i < lines.length - 1 ? line.text + line.lineBreak : line.text)).join("");
  return { line: lines[0]!.number, text, defect: lines.find(({ defect }) => defect !== undefined)?.defect };
}

function isBlank(text: string, delimiter: string): boolean {
  return text.trim() === "" && !text.includes(delimiter);
}

/** Whether a quoted field is open at the end of the line, or broken by a quote that can neither open nor close it. */
function scanQuotes(text: string, startsInside: boolean, delimiter: string): "closed" | "open" | "broken" {
  let inside = startsInside;
  let fieldStart = 0;
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    if (!inside) {
      const opens = quote === fieldStart || (quote > fieldStart && text[quote - 1] === delimiter);
      if (!opens) return "broken";
      inside = true;
      continue;
    }
    const after = text[quote + 1];
    if (after === '"') {
      quote++;
      continue;
    }
    if (after !== undefined && after !== delimiter) return "broken";
    inside = false;
    fieldStart = quote + 2;
  }
  return inside ? "open" : "closed";
}
