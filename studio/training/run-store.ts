import type { TrainingMoment, TrainingSamples, TrainingStatus } from "../../src/studio/training-wire.ts";
import { Store } from "../app/store.ts";
import type { Backend } from "../backend/backend.ts";
import { BackendError, BackendGone } from "../backend/backend-error.ts";
import { type Curve, extended, NO_CURVE } from "./curve.ts";
import { decodeFilm, type FilmReel } from "./film-frames.ts";

/** All that the view knows of the run. */
export interface Run {
  readonly status: TrainingStatus;
  readonly now: TrainingMoment;
  readonly curve: Curve;
  /** The steps of its checkpoints, rising. */
  readonly saved: readonly number[];
  readonly samples: TrainingSamples;
  readonly films: readonly FilmReel[];
}

/** The run, once it is known; it is kept while other views are looked at. */
export const run = new Store<Run | undefined>(undefined);

/** Why the run cannot be followed just now, where the server says so. */
export const trouble = new Store<BackendError | undefined>(undefined);

/** Follows the run until the signal: its past at once, then each step as it comes. Where that fails it is tried again. */
export async function follow(backend: Backend, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await followOnce(backend, signal);
    } catch (error) {
      if (signal.aborted) return;
      tellOf(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** That nobody answers is told elsewhere. */
function tellOf(error: unknown): void {
  if (error instanceof BackendError) trouble.set(error);
  else if (!(error instanceof BackendGone)) throw error;
}

async function followOnce(backend: Backend, signal: AbortSignal): Promise<void> {
  let waiting: TrainingMoment[] = [];
  let drawing = false;
  let known: TrainingMoment | undefined;
  for await (const moment of backend.trainingLive(signal)) {
    if (known === undefined || moment.runs !== known.runs) {
      await loadAll(backend, moment, signal);
      waiting = [];
    } else {
      if (moment.state !== known.state) await loadStatus(backend, signal);
      if (moment.looks !== known.looks) void loadLooks(backend, signal);
    }
    known = moment;
    waiting.push(moment);
    if (drawing) continue;
    drawing = true;
    // Steps are drawn together, a frame at a time.
    requestAnimationFrame(() => {
      const before = run.get();
      if (before) {
        const saved = waiting.flatMap((told) => (told.saved ? [told.step] : []));
        const now = waiting.at(-1) ?? before.now;
        run.set({ ...before, now, curve: extended(before.curve, waiting), saved: [...before.saved, ...saved] });
      }
      waiting = [];
      drawing = false;
    });
  }
}

async function loadAll(backend: Backend, now: TrainingMoment, signal: AbortSignal): Promise<void> {
  const [status, history, samples] = await Promise.all([
    backend.trainingStatus(signal),
    backend.trainingHistory(signal),
    backend.trainingSamples(signal),
  ]);
  const { events, ...curve } = history;
  const saved = events.flatMap(({ type, step }) => (type === "checkpoint" ? [step] : []));
  run.set({ status, now, curve: curve.steps.length > 0 ? curve : NO_CURVE, saved, samples, films: [] });
  await loadFilms(backend, status.film.length, signal);
  trouble.set(undefined);
}

async function loadStatus(backend: Backend, signal: AbortSignal): Promise<void> {
  const status = await backend.trainingStatus(signal);
  const before = run.get();
  if (before) run.set({ ...before, status });
}

async function loadLooks(backend: Backend, signal: AbortSignal): Promise<void> {
  try {
    const samples = await backend.trainingSamples(signal);
    const status = await backend.trainingStatus(signal);
    const before = run.get();
    if (before) run.set({ ...before, samples, status });
    await loadFilms(backend, status.film.length, signal);
    trouble.set(undefined);
  } catch (error) {
    // What is missing comes with the next look.
    if (!signal.aborted) tellOf(error);
  }
}

async function loadFilms(backend: Backend, count: number, signal: AbortSignal): Promise<void> {
  const files = await Promise.all(Array.from({ length: count }, (_, i) => backend.trainingFilm(i, signal)));
  const before = run.get();
  if (before) run.set({ ...before, films: files.map(decodeFilm) });
}
