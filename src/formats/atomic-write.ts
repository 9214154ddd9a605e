import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file all or nothing: into a temporary file beside it, flushed to the disk, then renamed. A crash leaves the
 * old file, or the new one.
 *
 * @throws when the folder cannot be made or written; nothing is changed then
 */
export async function writeAtomically(path: string, parts: string | readonly Uint8Array[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
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
