// Threads for TensorFlow.js in Node. The library asks for them in browsers only: its workers start from Blob URLs,
// which Node's do not. Here a Blob is a file in a temporary folder, and its URL is the path of that file.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";

// A worker evaluates the module's factory outside of the bundle it was written in: these are the names it misses.
const PRELUDE = `if (!globalThis.commonjsGlobal) {
  URL.createObjectURL = (blob) => blob.path;
  URL.revokeObjectURL = () => {};
  Object.assign(globalThis, { commonjsGlobal: globalThis, require$$0: require("fs"), require$$1: require("path"),
    require$$3: require("perf_hooks"), require$$4: require("os"), __dirname: ".", __filename: "." });
}
`;

/** Makes the next start of the WebAssembly backend use `threads` threads. */
export function enableThreads(tf, threads) {
  const folder = mkdtempSync(join(os.tmpdir(), "tensorflow-threads-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  let files = 0;
  globalThis.Blob = class {
    constructor(parts) {
      this.path = join(folder, `${files++}.js`);
      writeFileSync(this.path, PRELUDE + parts.join(""));
    }
  };
  URL.createObjectURL = (blob) => blob.path;
  URL.revokeObjectURL = () => {};
  os.cpus = () => new Array(2 * threads).fill({}); // the module starts one thread for two logical processors
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
}
