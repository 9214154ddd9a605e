import { availableParallelism } from "node:os";
import type { InferenceSession } from "onnxruntime-common";
import { type Device, DeviceError, type Engine, type EngineOptions } from "./engine.ts";
import { type OrtLibrary, OrtSession, OrtTensors } from "./session.ts";
import { openWasmEngine } from "./wasm.ts";

type NativeLibrary = OrtLibrary & {
  listSupportedBackends(): readonly { name: string }[];
  env: { versions: { node?: string }; logLevel?: string };
};

/**
 * Opens ONNX Runtime in Node: the native library, or WebAssembly where it does not load or `device: "wasm"` asks for it.
 *
 * @throws {DeviceError} when this machine does not have the device; the message lists those it has
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const threads = options.threads ?? availableParallelism();
  if (options.device === "wasm") return openWasmEngine(threads);
  const native = await loadNative();
  if (native instanceof Error) {
    if (options.device === undefined) return openWasmEngine(threads);
    throw new DeviceError(
      `device ${options.device}: the native ONNX Runtime does not load (${native.message}); use wasm`,
    );
  }
  const device = options.device ?? "cpu";
  const provided = native.listSupportedBackends().map(({ name }) => name);
  if (device !== "cpu" && !provided.includes(device)) throw noDevice(device, provided);
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // A plan of the memory is made and kept for every shape of input; batches hardly ever have the same.
    enableMemPattern: false,
    logSeverityLevel: 4, // errors are thrown; the library need not print them too
  };
  const tensors = new OrtTensors(native);
  return {
    device,
    description: `onnxruntime-node ${native.env.versions.node ?? ""} (${device}, ${threads} threads)`,
    threads,
    load: async (model) => {
      try {
        return await OrtSession.load(native, model, sessionOptions, tensors, { writesInPlace: true });
      } catch (error) {
        if (device === "cpu") throw error;
        // The library may know a device that this machine's drivers do not serve.
        throw noDevice(device, provided, error);
      }
    },
  };
}

async function loadNative(): Promise<NativeLibrary | Error> {
  try {
    const ort = (await import("onnxruntime-node")) as unknown as NativeLibrary;
    ort.listSupportedBackends();
    return ort;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function noDevice(device: Device, provided: readonly string[], cause?: unknown): DeviceError {
  const others = [...new Set(["cpu", ...provided.filter((name) => name !== device), "wasm"])];
  const reason = cause instanceof Error ? ` (${cause.message.split("\n")[0]})` : "";
  return new DeviceError(`device ${device}: not to be had on this machine${reason}; it has ${others.join(", ")}`, {
    cause,
  });
}
