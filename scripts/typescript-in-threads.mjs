/**
 * Lets worker threads run TypeScript: `node --import ./scripts/typescript-in-threads.mjs`. Threads inherit the flag, but on
 * Node 20 not what tsx or vitest do in the main thread.
 */
import { isMainThread } from "node:worker_threads";

if (!isMainThread) (await import("tsx/esm/api")).register();
