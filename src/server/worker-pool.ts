import { type Inference, QueueFullError, type Ticket } from "./inference.ts";
import type { Limits } from "./limits.ts";
import { Mailbox } from "./mailbox.ts";
import { errorOf, type News, type Outcome, type WorkerData } from "./messages.ts";
import type { Gauges, Metrics } from "./metrics.ts";
import type { ServedModel } from "./served-model.ts";
import {
  batchKeyOf,
  canJoin,
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

export interface PoolOptions extends Omit<WorkerData, "joining"> {
  readonly workers: number;
  readonly limits: Pick<Limits, "queue" | "rows">;
  readonly metrics: Metrics;
}

type JobNews = { readonly part: Part } | { readonly result: Result } | { readonly error: unknown };

/** A task on its way through the pool. */
interface Job extends Waiting {
  readonly id: number;
  readonly task: Task;
  /** When it came, as {@link performance.now} tells. */
  readonly since: number;
  readonly news: Mailbox<JobNews>;
  /** Where it is worked on; `undefined` while it waits and when it is over. */
  place?: Station;
}

/** A worker, and what it works on: a batch, or nothing. */
interface Station {
  readonly link: WorkerLink;
  readonly jobs: Map<number, Job>;
  loaded: boolean;
}

/**
 * Worker threads that each hold the model, and a line of texts that wait for them.
 *
 * A worker that is free takes the first text and others that can share a batch with it: all, or its part where other
 * workers are free too. Where none is free the first text joins a batch that is under way, if it can and there is room;
 * else it waits, and who is behind it too, so that nobody waits for ever. A worker that ends by itself is replaced.
 */
export class WorkerPool implements Inference, Gauges {
  /** Resolves as soon as a worker can answer; rejects when none can. */
  readonly ready: Promise<ServedModel>;
  /** Resolves with the reason when no worker is left. */
  readonly failed: Promise<Error>;
  readonly untrained = false;
  readonly #options: PoolOptions;
  readonly #line = new WaitingLine<Job>();
  readonly #stations = new Set<Station>();
  #model: ServedModel | undefined;
  #jobs = 0;
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
    return [...this.#stations].filter((station) => !isIdle(station)).length;
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
        id: this.#jobs++,
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
    await Promise.all(Array.from(this.#stations, ({ link }) => link.end()));
  }

  /** Starts a worker. What it promises stays open if it cannot load the model; then {@link failed} tells. */
  async #start(): Promise<ServedModel> {
    const { folder, device, precision, threads, limits } = this.#options;
    const jobs = new Map<number, Job>();
    const link = new WorkerLink(
      { folder, device, precision, threads, joining: limits.rows > 1 },
      (news: readonly News[], steps: number) => {
        this.#options.metrics.steps(steps);
        for (const one of news) {
          if ("part" in one) jobs.get(one.id)?.news.put({ part: one.part });
          else this.#finish(jobs.get(one.id), one);
        }
      },
    );
    const station: Station = { link, jobs, loaded: false };
    this.#stations.add(station);
    let problem: Error | undefined;
    const loaded = link.ready.then(
      (model) => {
        this.#model ??= model;
        station.loaded = true;
        this.#plan();
        return model;
      },
      (error: Error) => {
        problem = error;
        return undefined;
      },
    );
    void link.over.then(async (lost) => {
      await loaded;
      this.#stations.delete(station);
      for (const job of jobs.values()) this.#finish(job, { error: lost });
      if (this.#ending) return;
      if (problem === undefined) void this.#start();
      else if (this.#stations.size === 0) this.#fail(problem);
    });
    return (await loaded) ?? new Promise(() => {});
  }

  /** Gives work to workers, once all requests that have come with this turn of the event loop are in line. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#begin();
      this.#join();
    });
  }

  /** Batches for those that are free. */
  #begin(): void {
    const idle = [...this.#stations].filter(isIdle);
    for (const [i, station] of idle.entries()) {
      const texts = Math.ceil(this.#line.length / (idle.length - i));
      this.#give(station, this.#line.takeBatch({ texts, rows: this.#options.limits.rows }));
    }
  }

  /** Who is first in line, to the batch with the fewest rows, as long as there is room. */
  #join(): void {
    const joining = new Map<Station, Job[]>();
    const rowsAt = (station: Station) =>
      [...station.jobs.values(), ...(joining.get(station) ?? [])].reduce((sum, { rows }) => sum + rows, 0);
    for (let { first } = this.#line; first !== undefined && canJoin(first.task); first = this.#line.first) {
      const { key, rows } = first;
      const [fewest] = [...this.#stations]
        .filter(({ jobs }) => [...jobs.values()][0]?.key === key)
        .map((station) => ({ station, rows: rowsAt(station) }))
        .sort((a, b) => a.rows - b.rows);
      if (fewest === undefined || fewest.rows + rows > this.#options.limits.rows) break;
      joining.set(fewest.station, [...(joining.get(fewest.station) ?? []), first]);
      this.#line.remove(first);
    }
    for (const [station, jobs] of joining) this.#give(station, jobs);
  }

  #give(station: Station, jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    this.#options.metrics.batch(jobs.map(({ since }) => (performance.now() - since) / 1000));
    for (const job of jobs) {
      job.place = station;
      station.jobs.set(job.id, job);
    }
    station.link.work(jobs.map(({ id, task }) => ({ id, task })));
  }

  #finish(job: Job | undefined, outcome: Outcome): void {
    if (job === undefined) return;
    job.place?.jobs.delete(job.id);
    job.place = undefined;
    this.#tell(job, outcome);
    this.#plan();
  }

  #giveUp(job: Job, reason: unknown): void {
    job.news.put({ error: reason });
    if (job.place !== undefined) job.place.link.stop(job.id);
    else if (this.#line.remove(job)) {
      this.#options.metrics.text("stopped");
      this.#plan(); // who was behind it may be able to join
    }
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

function isIdle({ loaded, jobs }: Station): boolean {
  return loaded && jobs.size === 0;
}

async function* ticketOf<T extends Task>(news: Mailbox<JobNews>): Ticket<ResultOf<T>, PartOf<T>> {
  for (;;) {
    const one = await news.take();
    if ("error" in one) throw one.error;
    if ("result" in one) return one.result as ResultOf<T>;
    yield one.part as PartOf<T>;
  }
}
