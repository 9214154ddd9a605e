import { constants } from "node:fs";
import { access, mkdir, open, rename, rm, stat } from "node:fs/promises";
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
  await makeFolder(dirname(path));
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      if (typeof parts === "string") await file.writeFile(parts);
      else for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
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
