import type { Engine } from "./engine.ts";
import { type OrtLibrary, OrtSession, OrtTensors } from "./session.ts";

type WebLibrary = OrtLibrary & {
  env: { wasm: { numThreads?: number }; versions: { web?: string }; logLevel?: string };
};

/** Opens ONNX Runtime's WebAssembly build, in Node or in a browser. */
export async function openWasmEngine(threads: number): Promise<Engine> {
  const ort = (await import("onnxruntime-web")) as unknown as WebLibrary;
  ort.env.wasm.numThreads = threads;
  const tensors = new OrtTensors(ort);
  const options = { executionProviders: ["wasm"], graphOptimizationLevel: "all" } as const;
  return {
    device: "wasm",
    description: `onnxruntime-web ${ort.env.versions.web ?? ""} (wasm, ${threads} threads)`,
    threads,
    load: (model) => OrtSession.load(ort, model, options, tensors, { writesInPlace: false }),
  };
}
