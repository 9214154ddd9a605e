/** Something wrong with one row of a file: the row is left out and counted, the others go on. */
export interface Problem {
  file: string;
  /** The physical line, from 1, on which the row starts. */
  line: number;
  /** What is wrong, in few words; equal reasons can be counted together. */
  reason: string;
  /** The text that came, on one line and shortened. */
  value: string;
}

/**
 * What came from outside cannot be used: a file, a row, or a wish about them.
 *
 * The message names the file and the line where there are any, the value that came, and what to do.
 */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly file: string | undefined;
  /** The physical line, from 1. */
  readonly line: number | undefined;

  constructor(message: string, where: { file?: string; line?: number } = {}) {
    const place = [where.file, where.line && `line ${where.line}`].filter(Boolean).join(", ");
    super(place === "" ? message : `${place}: ${message}`);
    this.file = where.file;
    this.line = where.line;
  }
}

/** The error a strict reader throws instead of counting the problem. */
export function problemError({ file, line, reason, value }: Problem): DataError {
  return new DataError(`${reason}: ${value}; correct this line, or read without strict to leave it out`, {
    file,
    line,
  });
}

/**
 * The error for a file whose every row was left out.
 *
 * @param flags that choose other columns
 */
export function nothingUsable(file: string, problems: readonly Problem[], flags: string): DataError {
  const [first] = problems;
  if (first === undefined) return new DataError("there are no rows", { file });
  return new DataError(
    `none of the ${problems.length} rows can be used; the first has ${first.reason}: ${first.value}; correct the file, or choose other columns with ${flags}`,
    first,
  );
}

/** Whether an item of a stream of rows and problems is a problem. */
export function isProblem(item: object): item is Problem {
  return "reason" in item;
}

/** The text on one line, cut to `limit` characters, in quotation marks. */
export function shorten(text: string, limit = 60): string {
  const characters = Array.from(text.slice(0, 4 * limit).replace(/[\s\p{Cc}]+/gu, " "));
  const cut = characters.length > limit || text.length > 4 * limit;
  return `"${characters.slice(0, limit).join("")}${cut ? "…" : ""}"`;
}
