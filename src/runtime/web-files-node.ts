import { createRequire } from "node:module";

/** Paths of the installed files of ONNX Runtime that a page needs: its WebAssembly, and the script that loads it. */
export function installedWebFiles(): { script: string; wasm: string } {
  const { resolve } = createRequire(import.meta.url);
  return {
    script: resolve("onnxruntime-web/ort-wasm-simd-threaded.mjs"),
    wasm: resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm"),
  };
}
