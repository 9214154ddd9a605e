import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";

/** A request that is over. */
export interface RequestEvent {
  readonly type: "request";
  readonly method: string;
  /** Without what follows a question mark. */
  readonly path: string;
  /** 499: the client went away. */
  readonly status: number;
  readonly milliseconds: number;
}

/** Something went wrong inside while a request was dealt with. */
export interface ErrorEvent {
  readonly type: "error";
  readonly message: string;
  readonly stack?: string;
}

/** What a server tells of itself while it runs. */
export type ServerEvent = RequestEvent | ErrorEvent;

/** Requests that are being dealt with. */
export class OpenRequests {
  #count = 0;
  #onNone: (() => void) | undefined;

  add(): void {
    this.#count++;
  }

  remove(): void {
    this.#count--;
    if (this.#count === 0) this.#onNone?.();
  }

  /** Resolves when there are none. */
  async none(): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      this.#onNone = resolve;
    });
  }
}

const CLIENT_GONE = 499;

/** Counts the requests of a server, and tells each that is over. */
export function watchRequests(
  app: FastifyInstance,
  { open, metrics, tell }: { open: OpenRequests; metrics: Metrics; tell: (event: ServerEvent) => void },
): void {
  app.addHook("onRequest", async ({ method, url, routeOptions }, { raw }) => {
    const began = performance.now();
    open.add();
    raw.once("close", () => {
      open.remove();
      const milliseconds = performance.now() - began;
      const status = raw.writableFinished ? raw.statusCode : CLIENT_GONE;
      metrics.request({ method, route: routeOptions.url ?? "none", status, seconds: milliseconds / 1000 });
      tell({ type: "request", method, path: url.split("?")[0], status, milliseconds });
    });
  });
}
