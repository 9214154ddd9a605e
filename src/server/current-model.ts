import type { Inference, Ticket } from "./inference.ts";
import type { Gauges } from "./metrics.ts";
import type { ServedModel } from "./served-model.ts";
import { untrained } from "./serving.ts";
import type { PartOf, ResultOf, Task } from "./tasks.ts";
import { type PoolOptions, WorkerPool } from "./worker-pool.ts";

/** The model that answers: none until there is one, and another when one was trained. */
export class CurrentModel implements Inference, Gauges {
  /** Resolves when the first model answers; rejects when it cannot be loaded. */
  readonly ready: Promise<ServedModel>;
  /** Resolves with the reason when no worker of the model is left. */
  readonly failed: Promise<Error>;
  readonly #options: Omit<PoolOptions, "folder">;
  #pool: WorkerPool | undefined;
  #isReady!: (model: ServedModel | Promise<ServedModel>) => void;
  #fail!: (reason: Error) => void;

  constructor(options: Omit<PoolOptions, "folder">) {
    this.#options = options;
    this.ready = new Promise((resolve) => {
      this.#isReady = resolve;
    });
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    this.ready.catch(() => {}); // whoever waits for it is told
    options.metrics.watch(this);
  }

  get model(): ServedModel | undefined {
    return this.#pool?.model;
  }

  get untrained(): boolean {
    return this.#pool === undefined;
  }

  get queueLength(): number {
    return this.#pool?.queueLength ?? 0;
  }

  get busyWorkers(): number {
    return this.#pool?.busyWorkers ?? 0;
  }

  submit<T extends Task>(tasks: readonly T[], signal: AbortSignal): Ticket<ResultOf<T>, PartOf<T>>[] {
    if (this.#pool !== undefined) return this.#pool.submit(tasks, signal);
    throw untrained();
  }

  /** Has the model of a folder answer from when it is loaded; the one before answers what it was asked. */
  async open(folder: string): Promise<void> {
    const pool = new WorkerPool({ ...this.#options, folder });
    const before = this.#pool;
    if (before === undefined) {
      this.#pool = pool;
      this.#isReady(pool.ready);
      void pool.failed.then(this.#fail);
    }
    await pool.ready;
    this.#pool = pool;
    while (before !== undefined && before.queueLength + before.busyWorkers > 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await before?.end();
  }

  /** Ends its threads. What they work on is lost. */
  async end(): Promise<void> {
    await this.#pool?.end();
  }
}
