import type { StartEvent, TrainEvent } from "./events.ts";
import { type Film, withFrame } from "./film.ts";
import type { HistoryFolder } from "./history-folder.ts";
import type { Sampler } from "./job.ts";
import { momentsOf } from "./moments.ts";
import type { RunEvent, SamplesEvent } from "./run-events.ts";
import { DivergedError } from "./train.ts";

/**
 * The events of a training with what the model makes of a few texts: after each epoch, and for a history also at moments
 * spread over the run. Whatever is told is in the history before, so that the history is never behind a checkpoint.
 */
export async function* watched(
  events: AsyncIterable<TrainEvent>,
  { sampler, history }: { sampler: Sampler; history?: HistoryFolder },
): AsyncGenerator<RunEvent, void> {
  let watch: Watch | undefined;
  let step = 0;
  try {
    for await (const event of events) {
      step = "resumedAt" in event ? event.resumedAt : event.step;
      if (event.type === "start") watch = await Watch.begin(event, sampler, history);
      await history?.write(event);
      const samples = await watch?.after(event);
      if (samples !== undefined) await history?.write(samples);
      yield event;
      if (samples !== undefined) yield samples;
    }
  } catch (error) {
    if (error instanceof DivergedError) await history?.write({ type: "diverged", step, message: error.message });
    throw error;
  }
}

/** Looks at the model when it is time. */
class Watch {
  readonly #sampler: Sampler;
  readonly #history: HistoryFolder | undefined;
  readonly #moments: ReadonlySet<number>;
  #film: Film | undefined;
  /** What was seen last. */
  #seen: SamplesEvent | undefined;

  private constructor(sampler: Sampler, history: HistoryFolder | undefined, totalSteps: number, film?: Film) {
    this.#sampler = sampler;
    this.#history = history;
    this.#moments = history === undefined ? new Set() : momentsOf(totalSteps);
    this.#film = film;
  }

  static async begin(start: StartEvent, sampler: Sampler, history?: HistoryFolder): Promise<Watch> {
    const sentences = sampler.filming?.sentences;
    const kept = await history?.film(start);
    const film = sentences && { sentences, frames: kept?.frames ?? [] };
    return new Watch(sampler, history, start.totalSteps, film);
  }

  /** Looks at the model after some events. */
  async after(event: TrainEvent): Promise<SamplesEvent | undefined> {
    if (event.type === "start") return event.resumedAt === 0 ? this.#look({ epoch: 1, step: 0 }) : undefined;
    if (event.type === "validation") return this.#look(event);
    return event.type === "step" && this.#moments.has(event.step) ? this.#look(event) : undefined;
  }

  async #look({ epoch, step }: { epoch: number; step: number }): Promise<SamplesEvent | undefined> {
    if (step === 0 && this.#history === undefined) return undefined;
    if (this.#seen?.step === step) return this.#seen;
    const samples = await this.#sampler.samples();
    this.#seen = { type: "samples", epoch, step, samples };
    await this.#addFrame(step);
    return this.#seen;
  }

  async #addFrame(step: number): Promise<void> {
    const { filming } = this.#sampler;
    if (this.#film === undefined || filming === undefined) return;
    const frame = { step, weights: await filming.look() };
    this.#film = { ...this.#film, frames: withFrame(this.#film.frames, frame, this.#moments) };
    await this.#history?.saveFilm(this.#film);
  }
}
