import { Worker } from "node:worker_threads";

/**
 * Starts a program in a thread of its own.
 *
 * @param program without its extension, which is that of its neighbour: both are compiled, or neither
 * @param neighbour the `import.meta.url` of a module in the program's folder
 * @param workerData what the program is given
 */
export function startThread(program: string, neighbour: string, workerData: unknown): Worker {
  const [extension] = /\.\w+$/.exec(neighbour) ?? [];
  return new Worker(new URL(`./${program}${extension}`, neighbour), { workerData });
}
