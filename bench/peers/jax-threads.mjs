// Threads for jax-js in Node. The library starts Web Workers from Blob URLs: here a Blob is its source text, that text
// is its URL, and a Worker is one of Node's evaluating it. To be imported before the library, which looks once.
import { Worker as Thread } from "node:worker_threads";

const PRELUDE = `const { parentPort } = require("node:worker_threads");
const self = {};
const postMessage = (message) => parentPort.postMessage(message);
parentPort.on("message", (data) => self.onmessage({ data }));
`;

/** Makes jax-js, imported after this, use `threads` threads. */
export function enableThreads(threads) {
  globalThis.Blob = class {
    constructor(parts) {
      this.source = parts.join("");
    }
  };
  URL.createObjectURL = (blob) => blob.source;
  URL.revokeObjectURL = () => {};
  globalThis.Worker = class {
    constructor(source) {
      this.thread = new Thread(PRELUDE + source, { eval: true });
      this.thread.on("message", (data) => this.onmessage({ data }));
      this.thread.on("error", (error) => this.onerror(error));
    }
    postMessage(message) {
      this.thread.postMessage(message);
    }
  };
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: threads }, configurable: true });
}
