import type { Value } from "./value.ts";

/**
 * Where programs run: on the processor with the native library (`cpu`) or as WebAssembly (`wasm`), or with what the native
 * library has for other devices; what such a device cannot compute, the processor does.
 */
export type Device = "cpu" | "wasm" | "cuda" | "webgpu" | "coreml";

/** Every {@link Device}. Whether a machine has one is seen when an engine is opened for it. */
export const DEVICES: readonly Device[] = ["cpu", "wasm", "cuda", "webgpu", "coreml"];

/** How an engine is opened. */
export interface EngineOptions {
  /** Default: `cpu`, or `wasm` where the native library does not load. */
  device?: Device;
  /** Threads for one operation. Default: all cores. */
  threads?: number;
}

/** An implementation of ONNX Runtime. */
export interface Engine {
  readonly device: Device;
  /** For people: library and version. */
  readonly description: string;
  /** For one operation. */
  readonly threads: number;
  load(model: Uint8Array): Promise<Session>;
}

/** A loaded model. */
export interface Session {
  /**
   * Computes every output. An output that `into` gives a value for is written there; the others are new.
   */
  run(
    feeds: Readonly<Record<string, Value>>,
    outputs: readonly string[],
    into: Readonly<Record<string, Value>>,
  ): Promise<Record<string, Value>>;
  release(): Promise<void>;
}

/** The device asked for is not one this machine has. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}
