import { type Inference, QueueFullError, type Ticket } from "./inference.ts";
import type { Limits } from "./limits.ts";
import { Mailbox } from "./mailbox.ts";
import { errorOf, type News, type Outcome, type WorkerData } from "./messages.ts";
import type { Gauges, Metrics } from "./metrics.ts";
import type { ServedModel } from "./served-model.ts";
import {
  batchKeyOf,
  type Part,
  type PartOf,
  type Result,
  type ResultOf,
  rowsOf,
  type Task,
  tokensTaken,
} from "./tasks.ts";
import { type Waiting, WaitingLine } from "./waiting-line.ts";
import { WorkerLink } from "./worker-link.ts";

export interface PoolOptions extends WorkerData {
  readonly workers: number;
  readonly limits: Pick<Limits, "queue" | "rows">;
  readonly metrics: Metrics;
}

type JobNews = { readonly part: Part } | { readonly result: Result } | { readonly error: unknown };

/** A task on its way through the pool. */
interface Job extends Waiting {
  readonly task: Task;
  /** When it came, as {@link performance.now} tells. */
  readonly since: number;
  readonly news: Mailbox<JobNews>;
  /** Where it is worked on; `undefined` while it waits and when it is over. */
  place?: { readonly link: WorkerLink; readonly task: number };
}

/**
 * Worker threads that each hold the model, and a line of texts that wait for them.
 *
 * A worker that is free takes the first text and others that can share a batch with it: all, or its part where other
 * workers are free too. It does not wait for more to come: they gather while it works. A worker that ends by itself is
 * replaced.
 */
export class WorkerPool implements Inference, Gauges {
  /** Resolves as soon as a worker can answer; rejects when none can. */
  readonly ready: Promise<ServedModel>;
  /** Resolves with the reason when no worker is left. */
  readonly failed: Promise<Error>;
  readonly untrained = false;
  readonly #options: PoolOptions;
  readonly #line = new WaitingLine<Job>();
  readonly #links = new Set<WorkerLink>();
  readonly #idle = new Set<WorkerLink>();
  #model: ServedModel | undefined;
  #fail: (reason: Error) => void = () => {};
  #planned = false;
  #ending = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    const failure = this.failed.then((reason) => Promise.reject(reason));
    this.ready = Promise.race([failure, ...Array.from({ length: options.workers }, () => this.#start())]);
    this.ready.catch(() => {}); // whoever waits for it is told
  }

  get model(): ServedModel | undefined {
    return this.#model;
  }

  get queueLength(): number {
    return this.#line.length;
  }

  get busyWorkers(): number {
    return this.#links.size - this.#idle.size;
  }

  submit<T extends Task>(tasks: readonly T[], signal: AbortSignal): Ticket<ResultOf<T>, PartOf<T>>[] {
    signal.throwIfAborted();
    const { queue } = this.#options.limits;
    if (this.#line.length + tasks.length > queue) {
      throw new QueueFullError(
        `${this.#line.length} texts are waiting, and at most ${queue} may; try again in a moment`,
      );
    }
    const jobs = tasks.map(
      (task): Job => ({
        task,
        key: batchKeyOf(task),
        rows: rowsOf(task),
        since: performance.now(),
        news: new Mailbox(),
      }),
    );
    this.#line.add(jobs);
    signal.addEventListener("abort", () => {
      for (const job of jobs) this.#giveUp(job, signal.reason);
    });
    this.#plan();
    return jobs.map(({ news }) => ticketOf<T>(news));
  }

  /** Ends the threads. What they work on is lost. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all(Array.from(this.#links, (link) => link.end()));
  }

  /** Starts a worker. What it promises stays open if it cannot load the model; then {@link failed} tells. */
  async #start(): Promise<ServedModel> {
    const { folder, device, precision, threads } = this.#options;
    const link = new WorkerLink({ folder, device, precision, threads });
    this.#links.add(link);
    let problem: Error | undefined;
    const loaded = link.ready.then(
      (model) => {
        this.#model ??= model;
        this.#idle.add(link);
        this.#plan();
        return model;
      },
      (error: Error) => {
        problem = error;
        return undefined;
      },
    );
    void link.over.then(async () => {
      await loaded;
      this.#links.delete(link);
      this.#idle.delete(link);
      if (this.#ending) return;
      if (problem === undefined) void this.#start();
      else if (this.#links.size === 0) this.#fail(problem);
    });
    return (await loaded) ?? new Promise(() => {});
  }

  /** Gives work to workers that are idle, once all requests that have come with this turn of the event loop are in line. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      for (const link of this.#idle) {
        const texts = Math.ceil(this.#line.length / this.#idle.size);
        const jobs = this.#line.takeBatch({ texts, rows: this.#options.limits.rows });
        if (jobs.length === 0) return;
        this.#idle.delete(link);
        void this.#run(link, jobs);
      }
    });
  }

  async #run(link: WorkerLink, jobs: readonly Job[]): Promise<void> {
    const { metrics } = this.#options;
    metrics.batch(jobs.map(({ since }) => (performance.now() - since) / 1000));
    const open = new Set(jobs);
    for (const [task, job] of jobs.entries()) job.place = { link, task };
    const finish = (job: Job, outcome: Outcome) => {
      open.delete(job);
      job.place = undefined;
      this.#tell(job, outcome);
    };
    const onNews = (news: readonly News[]) => {
      for (const one of news) {
        if ("part" in one) jobs[one.task].news.put({ part: one.part });
        else finish(jobs[one.task], one);
      }
    };
    try {
      const tasks = jobs.map(({ task }) => task);
      metrics.steps(await link.run(tasks, onNews));
    } catch (error) {
      for (const job of open) finish(job, { error: error as Error });
    }
    if (this.#links.has(link)) this.#idle.add(link);
    this.#plan();
  }

  #giveUp(job: Job, reason: unknown): void {
    job.news.put({ error: reason });
    if (job.place !== undefined) job.place.link.stop(job.place.task);
    else if (this.#line.remove(job)) this.#options.metrics.text("stopped");
  }

  #tell({ news }: Job, outcome: Outcome): void {
    const { metrics } = this.#options;
    if ("stopped" in outcome) metrics.text("stopped");
    else if ("error" in outcome) {
      metrics.text("refused");
      news.put({ error: errorOf(outcome.error) });
    } else {
      metrics.text("answered");
      metrics.tokens(tokensTaken(outcome.result));
      news.put({ result: outcome.result });
    }
  }
}

async function* ticketOf<T extends Task>(news: Mailbox<JobNews>): Ticket<ResultOf<T>, PartOf<T>> {
  for (;;) {
    const one = await news.take();
    if ("error" in one) throw one.error;
    if ("result" in one) return one.result as ResultOf<T>;
    yield one.part as PartOf<T>;
  }
}
