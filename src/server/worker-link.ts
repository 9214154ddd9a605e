import type { Worker } from "node:worker_threads";
import { startThread } from "../runtime/thread-node.ts";
import { errorOf, type News, type Order, type Report, type WorkerData } from "./messages.ts";
import type { ServedModel } from "./served-model.ts";
import type { Task } from "./tasks.ts";

/** A worker thread ended by itself, and what it was doing is lost. */
class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
}

interface Batch {
  readonly number: number;
  readonly onNews: (news: readonly News[]) => void;
  readonly done: (steps: number) => void;
  readonly fail: (error: Error) => void;
}

const LONG_MILLISECONDS = 10_000;

/** The near end of a worker thread that holds a model. */
export class WorkerLink {
  /** The model, as soon as it is loaded. It rejects when it cannot be. */
  readonly ready: Promise<ServedModel>;
  /** Resolves when the thread is over, whether it was ended or not. */
  readonly over: Promise<void>;
  readonly #thread: Worker;
  #batch: Batch | undefined;
  #batches = 0;

  constructor(data: WorkerData) {
    this.#thread = startThread("worker-thread", import.meta.url, data);
    let problem: Error | undefined;
    this.#thread.on("error", (error: Error) => {
      problem = error;
    });
    this.over = new Promise((resolve) => this.#thread.on("exit", () => resolve()));
    const lost = () => new WorkerLostError(`a worker thread ended by itself${problem ? `: ${problem.message}` : ""}`);
    this.ready = new Promise((resolve, reject) => {
      this.#thread.on("message", (report: Report) => {
        if (report.type === "ready") resolve(report.model);
        else if (report.type === "unable") reject(errorOf(report.error));
        else if (report.type === "news") this.#batch?.onNews(report.news);
        else this.#batch?.done(report.steps);
      });
      void this.over.then(() => {
        reject(lost());
        this.#batch?.fail(lost());
      });
    });
  }

  /**
   * Has a batch done; one at a time.
   *
   * @param onNews told what is new of tasks, for each at last its outcome
   * @returns how many steps it took
   * @throws {WorkerLostError} when the thread ends before the batch
   */
  async run(tasks: readonly Task[], onNews: (news: readonly News[]) => void): Promise<number> {
    this.#batches++;
    const number = this.#batches;
    try {
      return await new Promise((done, fail) => {
        this.#batch = { number, onNews, done, fail };
        this.#order({ type: "work", batch: number, tasks });
      });
    } finally {
      this.#batch = undefined;
    }
  }

  /** Ends a task of the batch that is running, by its place in it. */
  stop(task: number): void {
    if (this.#batch !== undefined) this.#order({ type: "stop", batch: this.#batch.number, task });
  }

  /**
   * Ends the thread after the step that it is in. ONNX Runtime does not bear being interrupted: the process may end with
   * it. So that is done only to a thread that has not ended by itself after a long while.
   */
  async end(): Promise<void> {
    this.#order({ type: "end" });
    const timer = setTimeout(() => void this.#thread.terminate(), LONG_MILLISECONDS);
    await this.over;
    clearTimeout(timer);
  }

  #order(order: Order): void {
    this.#thread.postMessage(order);
  }
}
