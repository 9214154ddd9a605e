import { readdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeAtomically } from "./atomic-write.ts";
import { ExportError, type ExportedFiles } from "./export-model.ts";

/**
 * Writes the files of an export into a folder, each all or nothing.
 *
 * @returns the paths, in order, with their sizes in bytes
 */
export async function writeExport(folder: string, files: ExportedFiles): Promise<{ path: string; bytes: number }[]> {
  const written: { path: string; bytes: number }[] = [];
  for (const [name, content] of files) {
    const path = join(folder, name);
    await writeAtomically(path, content);
    const bytes =
      typeof content === "string" ? Buffer.byteLength(content) : content.reduce((sum, part) => sum + part.length, 0);
    written.push({ path, bytes });
  }
  return written;
}

/**
 * Looks whether a folder may take an export: it is new or empty, or `overwrite` allows what is there to be replaced.
 *
 * @throws {ExportError} when it may not
 */
export async function checkExportFolder(
  folder: string,
  model: string,
  { overwrite = false }: { overwrite?: boolean } = {},
): Promise<void> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  if ((await real(folder)) === (await real(model))) {
    throw new ExportError(`${folder}: is the folder of the model itself; export into another`);
  }
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (found.length > 0 && !overwrite) {
    throw new ExportError(
      `${folder}: is not empty; name another folder, or replace what is there with the option overwrite`,
    );
  }
}
