import * as ort from "onnxruntime-web/wasm";
import type { Engine, Session } from "./engine.ts";
import { OrtSession, OrtTensors } from "./session.ts";

/** Where the two files of ONNX Runtime's WebAssembly build are. */
export interface WebFiles {
  /** `ort-wasm-simd-threaded.mjs`, under whatever name. */
  readonly script: string | URL;
  /** `ort-wasm-simd-threaded.wasm`, or what is in it. */
  readonly wasm: string | URL | Uint8Array;
}

/** How the engine of a page is opened. */
export interface WebEngineOptions {
  readonly files: WebFiles;
  /** Threads for one operation; more than one only where the page is isolated (`crossOriginIsolated`). Default: 1. */
  readonly threads?: number;
}

/**
 * Opens ONNX Runtime's WebAssembly build in a page or a worker. Sessions give way to the page between two runs, so that
 * it draws what has come and hears a click while an answer is written.
 *
 * The files are loaded by the first engine of a page; those after it have the same files and threads.
 */
export function openWebEngine({ files, threads = 1 }: WebEngineOptions): Engine {
  const { wasm, versions } = ort.env;
  wasm.wasmPaths = { mjs: String(files.script) };
  if (files.wasm instanceof Uint8Array) wasm.wasmBinary = files.wasm;
  else wasm.wasmPaths.wasm = String(files.wasm);
  wasm.numThreads = globalThis.crossOriginIsolated ? threads : 1;
  const pauses = new Pauses();
  const tensors = new OrtTensors(ort);
  const options = {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 4, // errors are thrown; the library need not print them too
  } as const;
  return {
    device: "wasm",
    description: `onnxruntime-web ${versions.web ?? ""} (wasm, ${wasm.numThreads} threads)`,
    threads: wasm.numThreads ?? 1,
    load: async (model) => {
      await pauses.giveWay();
      return courteous(await OrtSession.load(ort, model, options, tensors, { writesInPlace: false }), pauses);
    },
  };
}

/** How long a page may wait for its turn, in milliseconds: less than a picture at 60 a second. */
const PATIENCE = 12;

/** Gives way to a page that has waited long enough. */
class Pauses {
  #last = Number.NEGATIVE_INFINITY;

  async giveWay(): Promise<void> {
    if (performance.now() - this.#last < PATIENCE) return;
    await new Promise<void>((resolve) => {
      // A message, not a timer: timers wait a second where the page is not looked at.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
    this.#last = performance.now();
  }
}

function courteous(session: Session, pauses: Pauses): Session {
  return {
    run: async (...wanted) => {
      await pauses.giveWay();
      return session.run(...wanted);
    },
    release: () => session.release(),
  };
}
