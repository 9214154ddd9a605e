import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Name, licence and licence text of jumok and of each package that some files are of. */
export function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  const inside = [...folders].sort().map((folder) => {
    const { name, version, license, repository } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file
      ? readFileSync(join(root, folder, file), "utf8").trim()
      : `See ${(repository?.url ?? repository).replace(/^git\+/, "")}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const own = readFileSync(join(root, "LICENSE"), "utf8").trim();
  return [`jumok (MIT)\n\n${own}\n`, ...inside].join(`\n${"-".repeat(80)}\n\n`);
}
