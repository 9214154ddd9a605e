import type { TrainEvent } from "./events.ts";
import type { DataEvent, Sample } from "./job.ts";

/** What the model makes of a few texts: at moments spread over the run, and after each epoch. */
export interface SamplesEvent {
  readonly type: "samples";
  readonly epoch: number;
  readonly step: number;
  readonly samples: readonly Sample[];
}

/** The run ended because a loss or gradient was no number. */
export interface DivergedEvent {
  readonly type: "diverged";
  readonly step: number;
  readonly message: string;
}

/** The model folder was written. */
export interface SavedEvent {
  readonly type: "saved";
  readonly folder: string;
}

/** What happens in a run from a file to a model folder. */
export type RunEvent = DataEvent | TrainEvent | SamplesEvent | SavedEvent;

/** What is remembered of a run. */
export type HistoryEvent = RunEvent | DivergedEvent;
