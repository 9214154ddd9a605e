import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { DataError } from "./data-error.ts";

const GZIP = [0x1f, 0x8b];

/** Beginnings of files that people mistake for text, and what to do with each. */
const NOT_TEXT: [name: string, bytes: number[], advice: string][] = [
  ["a zip or Excel file", [0x50, 0x4b, 0x03, 0x04], "export the sheet as CSV in UTF-8, or unpack it"],
  ["an old Excel file", [0xd0, 0xcf, 0x11, 0xe0], "export the sheet as CSV in UTF-8"],
  ["a Parquet file", [0x50, 0x41, 0x52, 0x31], "convert it to CSV, TSV or JSONL"],
  ["a PDF file", [0x25, 0x50, 0x44, 0x46], "name a CSV, TSV or JSONL file"],
  ["UTF-16 text", [0xff, 0xfe], "save it as UTF-8"],
  ["UTF-16 text", [0xfe, 0xff], "save it as UTF-8"],
];

/** Whether the name says that the file is compressed. */
export function isGzipName(path: string): boolean {
  return /\.gz$/i.test(path);
}

/**
 * Looks at something that is to be read.
 *
 * @throws DataError if it is missing, or a folder
 */
export async function lookAt(path: string): Promise<Stats> {
  const complain = (message: string) => new DataError(message, { file: path });
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") throw complain("there is no such file; check the path");
    throw complain(`the file cannot be looked at (${error.message})`);
  });
  if (found.isDirectory()) throw complain("this is a folder; name a file in it");
  return found;
}

/**
 * Looks at a file before it is read.
 *
 * @throws DataError if it is missing, a folder, empty, or if its name and its first bytes disagree about gzip
 */
export async function checkFile(path: string): Promise<void> {
  const complain = (message: string) => new DataError(message, { file: path });
  const found = await lookAt(path);
  if (!found.isFile()) throw complain("this is not a regular file; write its content to a file first");
  if (found.size === 0) throw complain("the file is empty");
  const start = await firstBytes(path);
  const compressed = startsWith(start, GZIP);
  if (compressed && !isGzipName(path)) {
    throw complain(`the content is gzip but the name does not end in .gz; rename the file to ${path}.gz`);
  }
  if (!compressed && isGzipName(path)) {
    throw complain(
      "the name ends in .gz but the content is not gzip; rename the file without .gz, or download it again",
    );
  }
}

/**
 * The bytes of a text file, decompressed if its name ends in `.gz`, without a byte order mark, a piece at a time.
 *
 * @throws DataError if the gzip data is damaged, if the text is empty, or if the first piece is not text
 */
export async function* readText(path: string): AsyncGenerator<Buffer> {
  let started = false;
  for await (const bytes of readBytes(path)) {
    yield started ? bytes : textStart(bytes, path);
    started = true;
  }
  if (!started) throw new DataError("the file is empty once decompressed", { file: path });
}

/**
 * The bytes of a file, decompressed if its name ends in `.gz`, a piece at a time.
 *
 * @throws DataError if it cannot be read, or the gzip data is damaged
 */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const stream = isGzipName(path) ? file.pipe(createGunzip()) : file;
  if (stream !== file) file.on("error", (error) => stream.destroy(error));
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    throw readable(error, path);
  } finally {
    file.destroy();
    stream.destroy();
  }
}

/** SHA-256 of the file as it is stored, as 64 hexadecimal digits. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function textStart(bytes: Buffer, path: string): Buffer {
  for (const [name, start, advice] of NOT_TEXT) {
    if (startsWith(bytes, start)) throw new DataError(`this is ${name}; ${advice}`, { file: path });
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    const line = bytes.subarray(0, zero).filter((byte) => byte === 10).length + 1;
    throw new DataError("this is a binary file (it holds a NUL byte); name a CSV, TSV or JSONL file in UTF-8", {
      file: path,
      line,
    });
  }
  return withoutMark(bytes);
}

function readable(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof DataError || code === undefined) return error;
  if (code.startsWith("Z_")) {
    return new DataError(`the gzip data is damaged (${message}); download or compress the file again`, { file: path });
  }
  return new DataError(`the file cannot be read (${message})`, { file: path });
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path).catch((error: Error) => {
    throw new DataError(`the file cannot be opened (${error.message})`, { file: path });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Without a byte order mark. */
export function withoutMark(bytes: Buffer): Buffer {
  return startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
}

export function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
