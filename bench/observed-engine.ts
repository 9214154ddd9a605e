import type { Device, Engine, Session } from "../src/runtime/engine.ts";
import type { Value } from "../src/runtime/value.ts";

/** An engine that remembers what it was given, and for how long it computed. */
export class ObservedEngine implements Engine {
  /** Bytes of the last loaded ONNX model. */
  model = new Uint8Array(0);
  /** Inputs of the last run. */
  feeds: Readonly<Record<string, Value>> = {};
  /** Seconds of the last run inside ONNX Runtime and its binding. */
  seconds = 0;
  /** The engine itself, for what is not to be observed. */
  readonly plain: Engine;

  constructor(engine: Engine) {
    this.plain = engine;
  }

  get device(): Device {
    return this.plain.device;
  }

  get threads(): number {
    return this.plain.threads;
  }

  get description(): string {
    return this.plain.description;
  }

  async load(model: Uint8Array): Promise<Session> {
    this.model = Uint8Array.from(model);
    const session = await this.plain.load(model);
    return {
      run: async (feeds, outputs, into) => {
        this.feeds = feeds;
        const began = performance.now();
        const results = await session.run(feeds, outputs, into);
        this.seconds = (performance.now() - began) / 1000;
        return results;
      },
      release: () => session.release(),
    };
  }
}
