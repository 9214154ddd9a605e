import type { Worker } from "node:worker_threads";
import { startThread } from "../runtime/thread-node.ts";
import type { RunEvent } from "../training/run-events.ts";
import { Mailbox } from "./mailbox.ts";
import { errorOf } from "./messages.ts";
import type { TrainingReport, TrainingThreadData } from "./training-messages.ts";

/** A training in a thread of its own, so that whoever looks at it is answered meanwhile. */
export class TrainingLink {
  readonly #thread: Worker;
  readonly #reports = new Mailbox<TrainingReport>();

  constructor(data: TrainingThreadData) {
    this.#thread = startThread("training-thread", import.meta.url, data);
    this.#thread.on("message", (report: TrainingReport) => this.#reports.put(report));
    this.#thread.on("error", ({ name, message, stack }: Error) =>
      this.#reports.put({ type: "failed", error: { name, message, stack } }),
    );
    this.#thread.on("exit", () => {
      const error = { name: "Error", message: "the thread that trains ended by itself" };
      this.#reports.put({ type: "failed", error });
    });
  }

  /** Has the run leave off after its step, and saved. */
  stop(): void {
    this.#thread.postMessage("stop");
  }

  /**
   * The events of the run; it is saved when they end.
   *
   * @throws what the run throws
   */
  async *events(): AsyncGenerator<RunEvent, void> {
    for (;;) {
      const report = await this.#reports.take();
      if (report.type === "over") return;
      if (report.type === "failed") throw errorOf(report.error);
      yield report.event;
    }
  }
}
