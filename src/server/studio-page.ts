import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page, PageFile } from "./page.ts";

/** Where the built page is, seen from this file compiled or not. */
const BUILT = fileURLToPath(new URL("../../dist/studio-page/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/**
 * The page of the studio: its files are read once, and found by their paths in a list.
 *
 * @param folder Default: where the build puts it
 * @returns `undefined` where it was not built
 */
export async function studioPage(folder = BUILT): Promise<Page | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(join(folder, "/").length).replaceAll("\\", "/");
    files.set(`/${path === "index.html" ? "" : path}`, { type, content: await readFile(file) });
  }
  return files.has("/") ? (path) => files.get(path) : undefined;
}
