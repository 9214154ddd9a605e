import type { Worker } from "node:worker_threads";
import { startThread } from "../runtime/thread-node.ts";
import { errorOf, type News, type Order, type Report, type WorkerData } from "./messages.ts";
import type { ServedModel } from "./served-model.ts";
import type { Task } from "./tasks.ts";

/** A worker thread ended by itself, and what it was doing is lost. */
class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
}

const LONG_MILLISECONDS = 10_000;

/** The near end of a worker thread that holds a model. */
export class WorkerLink {
  /** The model, as soon as it is loaded. It rejects when it cannot be. */
  readonly ready: Promise<ServedModel>;
  /** Resolves when the thread is over, whether it was ended or not: with what those may be told whose tasks are lost. */
  readonly over: Promise<WorkerLostError>;
  readonly #thread: Worker;

  /** @param onNews told what is new of tasks, for each at last its outcome, and how many steps were done */
  constructor(data: WorkerData, onNews: (news: readonly News[], steps: number) => void) {
    this.#thread = startThread("worker-thread", import.meta.url, data);
    let problem: Error | undefined;
    this.#thread.on("error", (error: Error) => {
      problem = error;
    });
    this.over = new Promise((resolve) =>
      this.#thread.on("exit", () =>
        resolve(new WorkerLostError(`a worker thread ended by itself${problem ? `: ${problem.message}` : ""}`)),
      ),
    );
    this.ready = new Promise((resolve, reject) => {
      this.#thread.on("message", (report: Report) => {
        if (report.type === "ready") resolve(report.model);
        else if (report.type === "unable") reject(errorOf(report.error));
        else onNews(report.news, report.steps);
      });
      void this.over.then(reject);
    });
  }

  /** Has tasks done: in one batch, or with those that they can join. */
  work(tasks: readonly { readonly id: number; readonly task: Task }[]): void {
    this.#order({ type: "work", tasks });
  }

  /** Ends a task. */
  stop(id: number): void {
    this.#order({ type: "stop", id });
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
