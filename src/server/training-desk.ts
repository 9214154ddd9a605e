import { basename } from "node:path";
import type { Schedule } from "../optim/schedule.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import type {
  TrainingHistory,
  TrainingMoment,
  TrainingSamples,
  TrainingState,
  TrainingStatus,
} from "../studio/training-wire.ts";
import type { Film } from "../training/film.ts";
import { historyColumns, samplesOverTime } from "../training/history-columns.ts";
import { readHistory, readRunFilm } from "../training/history-folder.ts";
import { scheduleOf } from "../training/learning-options.ts";
import { readSavedRun, type SavedRun, savedStep } from "../training/run.ts";
import type { HistoryEvent, RunEvent } from "../training/run-events.ts";
import { Mailbox } from "./mailbox.ts";
import { TrainingLink } from "./training-link.ts";
import type { PlannedRun } from "./training-messages.ts";
import { trainingProblem } from "./training-problem.ts";

export interface TrainingDeskOptions extends Pick<EngineOptions, "device" | "threads"> {
  /** The folder of the run that is shown until another is started. */
  readonly folder: string;
  /** Told of each event of a run that is trained. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Told when a run has written its model. */
  readonly onModel?: (folder: string) => void;
}

/** Whoever does not read in time loses the oldest. */
const MOST_WAITING = 5000;

const NOTHING: TrainingMoment = {
  ...{ state: "none", step: 0, total: 0, epoch: 0, looks: 0, runs: 0 },
  ...{ loss: null, acc: null, lr: null, lrFormula: null, tokPerSec: null, etaSec: null },
};

/** The run of a folder: its past, and while it is trained its present. Trains one run at a time. */
export class TrainingDesk {
  readonly #options: TrainingDeskOptions;
  readonly #watching = new Set<Mailbox<TrainingMoment | undefined>>();
  #folder: string;
  #link: TrainingLink | undefined;
  #now = NOTHING;
  #problem: TrainingStatus["problem"];
  #scheduleOf: ((totalSteps: number) => Schedule) | undefined;
  #formula: Schedule | undefined;
  /** Resolves when the run is over, if one is trained. */
  #over: Promise<unknown> | undefined;

  private constructor(options: TrainingDeskOptions) {
    this.#options = options;
    this.#folder = options.folder;
  }

  /** Looks at what is known of the run of a folder; there may be none. */
  static async open(options: TrainingDeskOptions): Promise<TrainingDesk> {
    const desk = new TrainingDesk(options);
    for (const event of await readHistory(options.folder)) desk.#note(event);
    if (desk.#now.state === "run") desk.#now = { ...desk.#now, state: "stopped", etaSec: null };
    return desk;
  }

  /** Where the run stands. */
  get now(): TrainingMoment {
    return this.#now;
  }

  /** What went wrong with it, if something did. */
  get problem(): TrainingStatus["problem"] {
    return this.#problem;
  }

  /** The folder of the run. */
  get folder(): string {
    return this.#folder;
  }

  /** Whether a run is trained now. */
  get busy(): boolean {
    return this.#link !== undefined;
  }

  /**
   * Trains a run in a thread.
   *
   * @returns how it stands when it is over
   * @throws what the run throws, and when one is trained already
   */
  async start(run: PlannedRun): Promise<TrainingState> {
    if (this.#link !== undefined) throw new Error(`training: the run in ${this.#folder} is not over`);
    const over = this.#train(run);
    this.#over = over.catch(() => {});
    return over;
  }

  async #train(run: PlannedRun): Promise<TrainingState> {
    const { device, threads, onEvent, onModel } = this.#options;
    const link = new TrainingLink({ run, device, threads });
    this.#link = link;
    this.#folder = run.out;
    this.#scheduleOf = scheduleOf(run.options, run.options.dModel);
    this.#problem = undefined;
    this.#change({ ...NOTHING, state: "starting", looks: this.#now.looks, runs: this.#now.runs + 1 });
    try {
      for await (const event of link.events()) {
        this.#note(event);
        onEvent?.(event);
        if (event.type === "saved") onModel?.(event.folder);
      }
      this.#link = undefined;
      if (this.#now.state !== "done") this.#change({ ...this.#now, state: "stopped", etaSec: null });
    } catch (error) {
      this.#link = undefined;
      this.#problem = trainingProblem(error as Error);
      this.#change({ ...this.#now, state: (error as Error).name === "DivergedError" ? "nan" : "failed", etaSec: null });
      throw error;
    }
    return this.#now.state;
  }

  /** Has the run leave off after its step; it is saved, and can go on. */
  stop(): void {
    if (this.#link === undefined) return;
    this.#link.stop();
    this.#change({ ...this.#now, state: "stopping" });
  }

  /** Each moment from now on, the present one first; ends with {@link leave} or the signal. */
  async *live(signal: AbortSignal): AsyncGenerator<TrainingMoment, void> {
    const box = new Mailbox<TrainingMoment | undefined>(MOST_WAITING);
    const end = () => box.put(undefined);
    this.#watching.add(box);
    signal.addEventListener("abort", end);
    try {
      yield this.#now;
      for (;;) {
        const moment = await box.take();
        if (moment === undefined) return;
        yield moment;
      }
    } finally {
      this.#watching.delete(box);
      signal.removeEventListener("abort", end);
    }
  }

  /** Sends away all who watch, and stops a run that is under way; it is saved when this resolves. */
  async end(): Promise<void> {
    for (const box of this.#watching) box.put(undefined);
    this.stop();
    await this.#over;
  }

  async history(): Promise<TrainingHistory> {
    const events = await readHistory(this.#folder);
    const saved = await this.saved();
    const start = events.find((event) => event.type === "start");
    const schedule = saved && start && scheduleOf(saved.options, saved.options.dModel)(start.totalSteps);
    return historyColumns(events, schedule);
  }

  async samples(): Promise<TrainingSamples> {
    return samplesOverTime(await readHistory(this.#folder));
  }

  async film(): Promise<Film | undefined> {
    return readRunFilm(this.#folder);
  }

  /** What the run was started with; `undefined` where its checkpoints are gone. */
  async saved(): Promise<SavedRun | undefined> {
    return readSavedRun(this.#folder).catch(() => undefined);
  }

  /** The step that it can go on from; a run that broke off has told of later ones. */
  async savedStep(): Promise<number | undefined> {
    return savedStep(this.#folder);
  }

  /** The name of its file. */
  async fileName(): Promise<string | undefined> {
    const saved = await this.saved();
    return saved && basename(saved.data);
  }

  /** Moves on with an event. */
  #note(event: HistoryEvent): void {
    const { step, epoch } = this.#now;
    switch (event.type) {
      case "start":
        this.#formula = this.#scheduleOf?.(event.totalSteps);
        this.#change({
          ...this.#now,
          state: "run",
          step: event.resumedAt,
          epoch: event.epoch,
          total: event.totalSteps,
        });
        break;
      case "step":
        this.#change({
          ...this.#now,
          ...{ step: event.step, epoch: event.epoch, loss: event.loss, acc: event.accuracy, lr: event.learningRate },
          lrFormula: this.#formula?.(event.step) ?? null,
          ...{ tokPerSec: event.tokensPerSecond, etaSec: event.secondsLeft },
        });
        break;
      case "validation": {
        const { measured } = event;
        if (measured === undefined) break;
        this.#tell({ ...this.#now, step, epoch, valLoss: measured.loss, valAcc: measured.accuracy });
        break;
      }
      case "checkpoint":
        this.#tell({ ...this.#now, saved: true });
        break;
      case "samples":
        this.#change({ ...this.#now, looks: this.#now.looks + 1 });
        break;
      case "saved":
        this.#change({ ...this.#now, state: "done", etaSec: 0 });
        break;
      case "diverged":
        this.#problem = trainingProblem({ name: "DivergedError", message: event.message });
        this.#change({ ...this.#now, state: "nan", etaSec: null });
        break;
    }
  }

  #change(now: TrainingMoment): void {
    this.#now = now;
    this.#tell(now);
  }

  #tell(moment: TrainingMoment): void {
    for (const box of this.#watching) box.put(moment);
  }
}
