// Bundles what pages run into dist/page: jumok.js, the library for browsers; page.js, the script of the page of an export,
// which imports jumok.js; and LICENSES.txt for what is inside them. `jumok export --to browser` copies these files.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licensesOf } from "./licenses.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/page");

const options = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  minify: true,
  // ONNX Runtime's script is a file of its own, which its threads load too.
  conditions: ["onnxruntime-web-use-extern-wasm"],
};

/** The page uses the library as everyone else does. */
const libraryBeside = {
  name: "library-beside",
  setup: ({ onResolve }) => onResolve({ filter: /\/jumok\.ts$/ }, () => ({ path: "./jumok.js", external: true })),
};

const library = await build({ ...options, entryPoints: ["src/browser/jumok.ts"] });
const page = await build({
  ...options,
  entryPoints: ["src/browser/page/main.ts"],
  plugins: [libraryBeside],
});

const texts = licensesOf(Object.keys({ ...library.metafile.inputs, ...page.metafile.inputs }));

mkdirSync(out, { recursive: true });
for (const [name, content] of [
  ["jumok.js", library.outputFiles[0].contents],
  ["page.js", page.outputFiles[0].contents],
  ["LICENSES.txt", texts],
]) {
  // Renamed into place, so that nobody reads half a file.
  writeFileSync(join(out, `${name}.tmp`), content);
  renameSync(join(out, `${name}.tmp`), join(out, name));
}
