import { DataError } from "./data-error.ts";
import { type Line, linesOf } from "./lines.ts";
import { isGzipName, lookAt, readBytes, startsWith, withoutMark } from "./text-file.ts";

/** Lines of plain text, to be worked on one by one. */
export interface TextLines {
  /** What messages call it: the path, or the name of the stream. */
  readonly name: string;
  /** In bytes; `undefined` where it is not known. */
  readonly size?: number;
  /** In groups, as they come; memory does not grow with the text. */
  readonly lines: AsyncGenerator<Line[]>;
}

/** How bytes that are no UTF-8 text begin, and what to do with them. No text begins so. */
const OTHERS: readonly [what: string, start: readonly number[], advice: string][] = [
  ["gzip data", [0x1f, 0x8b], "name a file whose name ends in .gz, or unpack it with gunzip -c"],
  ["UTF-16 text", [0xff, 0xfe], "save it as UTF-8"],
  ["UTF-16 text", [0xfe, 0xff], "save it as UTF-8"],
  ["a zip or office file", [0x50, 0x4b, 0x03, 0x04], "save the text as plain text in UTF-8, or unpack it"],
];
const LONGEST_START = 4;

/**
 * The lines of a file, decompressed if its name ends in `.gz`. It may be empty, and it need not be a regular file.
 *
 * @throws DataError if it is missing or a folder; while it is read, if it cannot be, or is no text
 */
export async function openTextLines(path: string): Promise<TextLines> {
  const found = await lookAt(path);
  const known = found.isFile() && !isGzipName(path);
  return { ...textLinesOf(readBytes(path), path), ...(known && { size: found.size }) };
}

/** The lines of a stream of bytes, such as standard input; a byte order mark is left out. */
export function textLinesOf(pieces: AsyncIterable<Buffer>, name: string): TextLines {
  return { name, lines: linesOf(begun(pieces, name)) };
}

async function* begun(pieces: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (start === undefined) {
      yield piece;
      continue;
    }
    start = Buffer.concat([start, piece]);
    if (start.length < LONGEST_START && !start.includes(10)) continue;
    yield checkedStart(start, name);
    start = undefined;
  }
  if (start !== undefined) yield checkedStart(start, name);
}

function checkedStart(bytes: Buffer, file: string): Buffer {
  for (const [what, start, advice] of OTHERS) {
    if (startsWith(bytes, start)) throw new DataError(`this is ${what}; ${advice}`, { file });
  }
  return withoutMark(bytes);
}
