// Bundles src/explain/viewer/main.ts for browsers and writes it as src/explain/viewer-script.ts.
// `--check` only compares and fails when the written file is out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (name) => fileURLToPath(new URL(`../src/explain/${name}`, import.meta.url));
const { outputFiles } = await build({
  entryPoints: [path("viewer/main.ts")],
  absWorkingDir: path("viewer"),
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: false,
});
const text = `// Written by \`npm run build:viewer\` from viewer/main.ts; do not edit.
export const VIEWER_SCRIPT =
  ${JSON.stringify(outputFiles[0].text)};
`;
if (process.argv.includes("--check")) {
  if (readFileSync(path("viewer-script.ts"), "utf8") !== text) {
    console.error("src/explain/viewer-script.ts is out of date: run `npm run build:viewer`");
    process.exit(1);
  }
} else {
  writeFileSync(path("viewer-script.ts"), text);
}
