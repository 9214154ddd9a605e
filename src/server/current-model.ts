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
  /** All that have threads: the one that answers, one that loads, those before that still answer. */
  readonly #pools = new Set<WorkerPool>();
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

  /**
   * Has the model of a folder answer from when it is loaded; the one before answers what it was asked.
   *
   * @throws {ModelFolderError} when it cannot be loaded; the one before answers on
   */
  async open(folder: string): Promise<void> {
    const pool = new WorkerPool({ ...this.#options, folder });
    this.#pools.add(pool);
    void pool.failed.then((reason) => {
      this.#pools.delete(pool);
      if (pool === this.#pool) this.#fail(reason);
    });
    if (this.#pool === undefined) {
      this.#pool = pool;
      this.#isReady(pool.ready);
    }
    await pool.ready;
    const before = this.#pool;
    this.#pool = pool;
    if (before !== pool) await this.#retire(before);
  }

  /** Ends its threads, also those that still load. What they work on is lost. */
  async end(): Promise<void> {
    const pools = [...this.#pools];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.end()));
  }

  async #retire(pool: WorkerPool): Promise<void> {
    while (this.#pools.has(pool) && pool.queueLength + pool.busyWorkers > 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await pool.end();
    this.#pools.delete(pool);
  }
}
