import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** A folder cannot be made or written; the message says why. */
export class FolderError extends Error {
  override readonly name = "FolderError";
}

/**
 * Looks whether a folder can be made, or written if it is there, without changing anything.
 *
 * @throws {FolderError} when it cannot
 */
export async function checkWritable(folder: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
    if (!(found instanceof Error)) {
      if (!found.isDirectory()) throw new FolderError(`${folder}: cannot be a folder, because ${path} is a file`);
      await access(path, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
        const reason = error.code === "EROFS" ? "is on a disk that is read-only" : "may not be written";
        throw new FolderError(`${folder}: cannot be written, because ${path} ${reason}`, { cause: error });
      });
      return;
    }
    const further = found.code === "ENOENT" || found.code === "ENOTDIR";
    if (!further || path === dirname(path)) {
      throw new FolderError(`${folder}: cannot be written (${found.message})`, { cause: found });
    }
  }
}

/**
 * Writes a file all or nothing: into a temporary file beside it, flushed to the disk, then renamed. A crash leaves the
 * old file, or the new one.
 *
 * @throws when the folder cannot be made or written; nothing is changed then
 */
export async function writeAtomically(path: string, parts: string | readonly Uint8Array[]): Promise<void> {
  const file = await PendingFile.open(path);
  try {
    for (const part of typeof parts === "string" ? [parts] : parts) await file.write(part);
    await file.keep();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** A file being written beside its place, which it takes when it is kept. */
export class PendingFile {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #place: string;
  #length = 0;

  private constructor(file: FileHandle, path: string, place: string) {
    this.#file = file;
    this.#path = path;
    this.#place = place;
  }

  /**
   * @param path a file, or what is to be written as it stands, such as a device or a named pipe; folders are made
   * @throws when it cannot be written; nothing is changed then
   */
  static async open(path: string): Promise<PendingFile> {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !found.isFile()) return new PendingFile(await open(path, "w"), path, path);
    await makeFolder(dirname(path));
    // What a link names is replaced, not the link.
    const place = found === undefined ? path : await realpath(path);
    const temporary = `${place}.tmp`;
    return new PendingFile(await open(temporary, "w"), temporary, place);
  }

  /** Writes a part; when that fails, none of it stays. */
  async write(part: string | Uint8Array): Promise<void> {
    try {
      await this.#file.writeFile(part);
      this.#length += Buffer.byteLength(part);
    } catch (error) {
      if (this.#path !== this.#place) await this.#file.truncate(this.#length);
      throw error;
    }
  }

  /** Flushes what was written to the disk and puts it in its place. */
  async keep(): Promise<void> {
    if (this.#path !== this.#place) await this.#file.sync();
    await this.#file.close();
    if (this.#path !== this.#place) await rename(this.#path, this.#place);
  }

  /** Leaves everything as it was before. */
  async discard(): Promise<void> {
    await this.#file.close();
    if (this.#path !== this.#place) await rm(this.#path, { force: true });
  }
}

/** Makes a folder and those above it. Node's own `recursive` never ends where the system refuses, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const error = await mkdir(folder).then(() => undefined, errorOf);
  if (error === undefined || error.code === "EEXIST") return;
  const parent = dirname(resolve(folder));
  const missing = error.code === "ENOENT" && (await stat(parent).then(() => undefined, errorOf))?.code === "ENOENT";
  if (!missing) throw new FolderError(`${folder}: cannot be made (${error.message})`, { cause: error });
  await makeFolder(parent);
  await makeFolder(folder);
}

function errorOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  return error;
}
