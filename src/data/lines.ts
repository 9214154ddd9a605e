import { isUtf8 } from "node:buffer";
import { DataError, shorten } from "./data-error.ts";
import { readText } from "./text-file.ts";

/** A line, and a row, may be this long: 1 MiB. */
export const RECORD_LIMIT = 2 ** 20;

/** One physical line of a text file. */
export interface Line {
  /** From 1. */
  number: number;
  /** Without its line break; broken UTF-8 shows as U+FFFD. */
  text: string;
  lineBreak: "\n" | "\r\n" | "";
  /** Why the line is not proper text, if it is not. */
  defect?: string;
}

/**
 * The lines of a text file, in groups as they come from the disk; LF and CRLF may be mixed.
 *
 * @throws DataError if a line is longer than {@link RECORD_LIMIT}; no more of it is read than that
 */
export async function* readLines(path: string): AsyncGenerator<Line[]> {
  let number = 1;
  let pending: Buffer[] = [];
  let pendingLength = 0;
  for await (const chunk of readText(path)) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const rest = chunk.subarray(start, end + 1);
      const bytes = pending.length === 0 ? rest : Buffer.concat([...pending, rest]);
      checkLength(bytes, bytes.length, path, number);
      lines.push(lineOf(bytes, number++));
      pending = [];
      pendingLength = 0;
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    pendingLength += chunk.length - start;
    checkLength(pending[0]!, pendingLength, path, number);
  }
  if (pending.length > 0) yield [lineOf(Buffer.concat(pending), number)];
}

function lineOf(bytes: Buffer, number: number): Line {
  const lineBreak = bytes.at(-1) !== 10 ? "" : bytes.at(-2) === 13 ? "\r\n" : "\n";
  const text = bytes.toString("utf8", 0, bytes.length - lineBreak.length);
  if (!isUtf8(bytes)) return { number, text, lineBreak, defect: "not valid UTF-8" };
  if (text.includes("\0")) return { number, text, lineBreak, defect: "a NUL character" };
  return { number, text, lineBreak };
}

function checkLength(start: Buffer, length: number, file: string, line: number): void {
  if (length <= RECORD_LIMIT) return;
  const value = shorten(start.toString("utf8", 0, 200));
  throw new DataError(
    `the line is longer than 1 MiB and starts with ${value}; a row of text is never that long: split it, or check that the file's lines end in LF or CRLF`,
    { file, line },
  );
}
