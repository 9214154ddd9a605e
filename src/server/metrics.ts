import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What can be looked up of the workers at any time. */
export interface Gauges {
  readonly queueLength: number;
  readonly busyWorkers: number;
}

/** How the task of a text ended. */
export type TextOutcome = "answered" | "refused" | "stopped";

/** What a server counts, in the text format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = this.#counter(
    "jumok_requests_total",
    "Requests by route and status; 499: the client went away",
    ["method", "route", "status"],
  );
  readonly #seconds = new Histogram({
    name: "jumok_request_seconds",
    help: "Time from a request to the end of its answer",
    labelNames: ["route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly #texts = this.#counter("jumok_texts_total", "Texts by how they ended", ["outcome"]);
  readonly #tokens = this.#counter("jumok_tokens_total", "Tokens of answered texts, read and written", ["direction"]);
  readonly #steps = this.#counter("jumok_steps_total", "Steps of all batches; a step writes a token in each row", []);
  readonly #batches = new Histogram({
    name: "jumok_batch_texts",
    help: "Texts that were handed to a worker together",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.#registry],
  });
  readonly #waits = new Histogram({
    name: "jumok_wait_seconds",
    help: "Time until texts were handed to a worker",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** From now on tells these too. */
  watch(gauges: Gauges): void {
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(value());
        },
      });
    gauge("jumok_queue_texts", "Texts that wait for a worker", () => gauges.queueLength);
    gauge("jumok_busy_workers", "Workers that are at work, or load the model", () => gauges.busyWorkers);
  }

  request({ method, route, status, seconds }: { method: string; route: string; status: number; seconds: number }) {
    this.#requests.inc({ method, route, status });
    this.#seconds.observe({ route }, seconds);
  }

  /** @param waits seconds that each text of the batch waited */
  batch(waits: readonly number[]): void {
    this.#batches.observe(waits.length);
    for (const wait of waits) this.#waits.observe(wait);
  }

  steps(count: number): void {
    this.#steps.inc(count);
  }

  text(outcome: TextOutcome): void {
    this.#texts.inc({ outcome });
  }

  tokens({ read, written }: { readonly read: number; readonly written: number }): void {
    this.#tokens.inc({ direction: "read" }, read);
    this.#tokens.inc({ direction: "written" }, written);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async page(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}
