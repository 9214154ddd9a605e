import type { ObservedEngine } from "./observed-engine.ts";

/** How much is computed at once. */
export interface Size {
  readonly batch: number;
  readonly length: number;
}

/** A model whose training step is timed: forward and backward, without an optimizer. */
export interface Subject {
  readonly model: Readonly<Record<string, unknown>>;
  readonly engine: ObservedEngine;
  /** A batch of random values. */
  batchOf(size: Size): {
    /** Real elements of sequences, of targets if there are sources too. */
    readonly tokens: number;
    /** For peers. */
    readonly task: object;
    readonly step: () => Promise<unknown>;
  };
  release(): Promise<void>;
}
