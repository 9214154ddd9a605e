import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { TrainingFile } from "../studio/training-wire.ts";

/** A file that may be trained on, and where it is. */
export interface AllowedFile extends TrainingFile {
  readonly path: string;
}

/** A file or folder that was named to be trained on is not there. */
class TrainingFilesError extends Error {
  override readonly name = "TrainingFilesError";
}

const READABLE = /\.(csv|tsv|jsonl|ndjson)(\.gz)?$/i;

/**
 * The files that may be trained on: those that are named, and those in the folders that are named whose names say that
 * they can be read. They are known to others by an id only.
 *
 * @throws {TrainingFilesError} when a path is not there
 */
export async function allowedFiles(paths: readonly string[]): Promise<AllowedFile[]> {
  const found: AllowedFile[] = [];
  for (const path of paths) {
    const about = await stat(path).catch(() => undefined);
    if (about === undefined) throw new TrainingFilesError(`${path}: there is no such file or folder to train on`);
    const files = about.isDirectory()
      ? (await readdir(path)).filter((name) => READABLE.test(name)).map((name) => join(path, name))
      : [path];
    for (const file of files) {
      const { size } = await stat(file);
      const whole = resolve(file);
      const id = createHash("sha256").update(whole).digest("hex").slice(0, 12);
      found.push({ id, name: basename(file), size, path: whole });
    }
  }
  return found;
}
