import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

const require = createRequire(import.meta.url);

/** What figures were measured on. */
export function machine(): Record<string, unknown> {
  return {
    cpu: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    onnxruntime: (require("onnxruntime-node/package.json") as { version: string }).version,
    /** Of the minute before: on a quiet machine below 1 at the start. */
    loadAverage: loadavg()[0],
  };
}
