import type { ModelBeside, Order, Question, Reply, Told } from "../../src/browser/in-page.ts";
import { Store } from "../app/store.ts";
import type { Progress } from "./backend.ts";
import { BackendError } from "./backend-error.ts";

/** The code of the error that is told where the worker has ended: nothing more can be asked. */
const ENDED = "worker_ended";

/** The worker in which the model of this page runs: one question is answered beside the other, each in its own parts. */
export class WorkerLink {
  readonly progress: Store<Progress>;
  readonly #worker: Worker;
  readonly #hearing = new Map<number, (reply: Reply) => void>();
  #asked = 0;
  #ended: BackendError | undefined;

  /** @param folder of the page and all its files, absolute */
  constructor(model: ModelBeside, folder: string) {
    this.progress = new Store<Progress>({ loaded: 0, total: model.bytes });
    this.#worker = startedWorker(new URL("studio-worker.js", folder));
    this.#worker.onmessage = ({ data }: MessageEvent<Told>) => {
      if ("number" in data) this.#hearing.get(data.number)?.(data);
      else this.progress.set({ loaded: Math.min(data.loaded, model.bytes), total: model.bytes });
    };
    this.#worker.onerror = ({ message }) => this.#end(message);
    this.#order({ type: "open", model, folder });
  }

  /** The parts of an answer as they come; leaving the loop, or the signal, stops it. */
  async *ask<Part>(question: Question, signal?: AbortSignal): AsyncGenerator<Part, void, undefined> {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const number = ++this.#asked;
    const replies: Reply[] = [];
    let wake = () => {};
    this.#hearing.set(number, (reply) => {
      replies.push(reply);
      wake();
    });
    const wakeUp = () => wake();
    signal?.addEventListener("abort", wakeUp);
    this.#order({ type: "ask", number, question });
    let over = false;
    try {
      for (;;) {
        signal?.throwIfAborted();
        const reply = replies.shift();
        if (reply === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (reply.type === "part") yield reply.part as Part;
        else {
          over = true;
          if (reply.type === "end") return;
          throw new BackendError(reply.error.code, reply.error);
        }
      }
    } finally {
      signal?.removeEventListener("abort", wakeUp);
      this.#hearing.delete(number);
      if (!over) this.#order({ type: "stop", number });
    }
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #end(why: string): void {
    const texts = {
      ko: `모델을 돌리던 작업이 끝났습니다. 새로 고치세요. ${why}`.trim(),
      en: `What ran the model has ended; reload the page. ${why}`.trim(),
    };
    this.#ended = new BackendError(ENDED, texts);
    for (const [number, hear] of this.#hearing) {
      hear({ type: "failed", number, error: { type: "error", code: ENDED, ...texts } });
    }
  }
}

/** A worker that obeys the policy of this page: one from an address of its own would have only what its server sends. */
function startedWorker(script: URL): Worker {
  const program = new Blob([`import ${JSON.stringify(script.href)};`], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(program), { type: "module" });
}
