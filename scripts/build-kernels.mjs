// Compiles src/runtime/assembly/kernels.ts to WebAssembly and writes it as src/runtime/kernels.wasm.ts.
// `--check` only compares and fails when the written file is out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const path = (name) => fileURLToPath(new URL(`../src/runtime/${name}`, import.meta.url));
const options = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--importMemory",
  "--enable",
  "simd",
  "--initialMemory",
  "1",
];
const files = new Map();
const { error, stderr } = await asc.main(["kernels.ts", "--outFile", "kernels.wasm", ...options], {
  readFile: (name) => (name === "kernels.ts" ? readFileSync(path("assembly/kernels.ts"), "utf8") : null),
  writeFile: (name, contents) => files.set(name, contents),
  listFiles: () => [],
});
if (error) throw new Error(`${stderr}${error.message}`);

const text = `// Written by \`npm run build:kernels\` from assembly/kernels.ts; do not edit.
export const KERNELS_WASM =
  "${Buffer.from(files.get("kernels.wasm")).toString("base64")}";
`;
if (process.argv.includes("--check")) {
  if (readFileSync(path("kernels.wasm.ts"), "utf8") !== text) {
    console.error("src/runtime/kernels.wasm.ts is out of date: run `npm run build:kernels`");
    process.exit(1);
  }
} else {
  writeFileSync(path("kernels.wasm.ts"), text);
}
