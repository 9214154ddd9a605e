import { isUtf8 } from "node:buffer";
import { DataError, shorten } from "./data-error.ts";
import { readText } from "./text-file.ts";

/** A line, and a row, may be this long: 1 MiB. */
export const RECORD_LIMIT = 2 ** 20;

/** One physical line of a text. */
export interface Line {
  /** From 1. */
  number: number;
  /** Without its line break; broken UTF-8 shows as U+FFFD. Of a line that is too long, the beginning. */
  text: string;
  lineBreak: "\n" | "\r\n" | "";
  /** Bytes of the text up to the end of the line, or to where a line that is too long was given up. */
  end: number;
  /** Why the line is not proper text, if it is not. */
  defect?: "not valid UTF-8" | "a NUL character" | "longer than 1 MiB";
}

/** So many bytes are kept of a line that is too long. */
const BEGINNING = 200;

/**
 * The lines of a text file, in groups as they come from the disk; LF and CRLF may be mixed.
 *
 * @throws DataError if a line is longer than {@link RECORD_LIMIT}; no more of it is read than that
 */
export async function* readLines(path: string): AsyncGenerator<Line[]> {
  for await (const lines of linesOf(readText(path))) {
    const long = lines.find(({ defect }) => defect === "longer than 1 MiB");
    if (long !== undefined) {
      throw new DataError(
        `the line is longer than 1 MiB and starts with ${shorten(long.text)}; a row of text is never that long: split it, or check that the file's lines end in LF or CRLF`,
        { file: path, line: long.number },
      );
    }
    yield lines;
  }
}

/**
 * The lines of bytes that come in pieces, in groups as they come. Of a line longer than {@link RECORD_LIMIT} only the
 * beginning is kept; it is given as soon as it is that long.
 */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let number = 1;
  let end = 0;
  let waiting: Buffer[] = [];
  let length = 0;
  let givenUp = false;
  for await (const piece of pieces) {
    const lines: Line[] = [];
    for (let start = 0; start < piece.length; ) {
      const lineFeed = piece.indexOf(10, start);
      const part = piece.subarray(start, lineFeed < 0 ? piece.length : lineFeed + 1);
      start += part.length;
      end += part.length;
      length += part.length;
      if (!givenUp) waiting.push(part);
      if (!givenUp && length > RECORD_LIMIT) {
        lines.push(longLine(waiting, number, end));
        waiting = [];
        givenUp = true;
      }
      if (lineFeed < 0) continue;
      if (!givenUp) lines.push(lineOf(waiting, number, end));
      number++;
      waiting = [];
      length = 0;
      givenUp = false;
    }
    if (lines.length > 0) yield lines;
  }
  if (waiting.length > 0) yield [lineOf(waiting, number, end)];
}

function lineOf(parts: readonly Buffer[], number: number, end: number): Line {
  const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  const lineBreak = bytes.at(-1) !== 10 ? "" : bytes.at(-2) === 13 ? "\r\n" : "\n";
  const text = bytes.toString("utf8", 0, bytes.length - lineBreak.length);
  if (!isUtf8(bytes)) return { number, text, lineBreak, end, defect: "not valid UTF-8" };
  if (text.includes("\0")) return { number, text, lineBreak, end, defect: "a NUL character" };
  return { number, text, lineBreak, end };
}

function longLine([first]: readonly Buffer[], number: number, end: number): Line {
  return { number, text: first.toString("utf8", 0, BEGINNING), lineBreak: "", end, defect: "longer than 1 MiB" };
}
