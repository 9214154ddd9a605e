import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";

/**
 * How large a thread's heap may become before V8 looks for garbage in all of it. ONNX Runtime gives every output as a new
 * array, hundreds of kilobytes a step, and V8 starts with so small a heap that it collected ten times a second, which took
 * a third of a server's time.
 */
const INITIAL_HEAP_MEGABYTES = 128;

/**
 * Starts a program in a thread of its own.
 *
 * @param program without its extension, which is that of its neighbour: both are compiled, or neither
 * @param neighbour the `import.meta.url` of a module in the program's folder
 * @param workerData what the program is given
 */
export function startThread(program: string, neighbour: string, workerData: unknown): Worker {
  setFlagsFromString(`--initial-heap-size=${INITIAL_HEAP_MEGABYTES}`);
  const [extension] = /\.\w+$/.exec(neighbour) ?? [];
  return new Worker(new URL(`./${program}${extension}`, neighbour), { workerData });
}
