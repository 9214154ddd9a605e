// Bundles what exported pages run into dist/page: jumok.js, the library for browsers; studio-worker.js, in which the studio's
// model runs; and LICENSES.txt for what is inside them. `jumok export --to browser` copies these files, and the studio.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licensesOf } from "./licenses.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/page");

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  outdir: out,
  entryPoints: ["src/browser/jumok.ts", "src/browser/studio-worker.ts"],
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
});

mkdirSync(out, { recursive: true });
for (const [path, content] of [
  ...outputFiles.map(({ path, contents }) => [path, contents]),
  [join(out, "LICENSES.txt"), licensesOf(Object.keys(metafile.inputs))],
]) {
  // Renamed into place, so that nobody reads half a file.
  writeFileSync(`${path}.tmp`, content);
  renameSync(`${path}.tmp`, path);
}
