import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "jumok-data-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The folder of this test file, removed when its tests are over. */
export const temporaryFolder = folder;

/** Writes a file into the folder of this test file, compressed if it is named `.gz`, and returns its path. */
export function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(content) : content);
  return path;
}

/** Writes bytes exactly as they are. */
export function writeRaw(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
