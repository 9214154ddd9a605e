import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Which command line is run: as it was built, or as it is written. */
export type CommandLine = "dist" | "src";

/** What `node` is given to run jumok; without a choice the built one is taken if there is one. */
export function commandLine(choice?: CommandLine): string[] {
  const path = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
  const built = path("dist/cli/main.js");
  const taken = choice ?? (existsSync(built) ? "dist" : "src");
  if (taken === "dist") return [built];
  const loaders = [import.meta.resolve("tsx"), path("scripts/typescript-in-threads.mjs")];
  return [...loaders.flatMap((loader) => ["--import", loader]), path("src/cli/main.ts")];
}
