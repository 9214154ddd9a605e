import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of the studio's page, built anew with what an export has besides where it is older than what it is made of. */
export function builtStudio(): string {
  const folder = join(root, "dist/studio-page");
  const index = join(folder, "index.html");
  const newest = Math.max(...["studio", "src", "scripts"].flatMap(changesIn));
  if (!existsSync(index) || statSync(index).mtimeMs < newest) {
    for (const script of ["scripts/build-page.mjs", "scripts/build-studio.mjs"]) {
      execFileSync(process.execPath, [script], { cwd: root });
    }
  }
  return folder;
}

function changesIn(folder: string): number[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
}
