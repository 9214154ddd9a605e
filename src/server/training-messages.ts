import type { Device } from "../runtime/engine.ts";
import type { TrainingRun } from "../training/run.ts";
import type { RunEvent } from "../training/run-events.ts";
import type { ToldError } from "./messages.ts";

/** A run as a thread can be told of it. */
export type PlannedRun = Omit<TrainingRun, "engine">;

/** What a thread that trains is started with. */
export interface TrainingThreadData {
  readonly run: PlannedRun;
  readonly device?: Device;
  /** Threads for one operation. Default: all cores. */
  readonly threads?: number;
}

/** What it tells. Any message to it means that it shall stop. */
export type TrainingReport =
  | { readonly type: "event"; readonly event: RunEvent }
  /** The run was left or has come to its end, and is saved. */
  | { readonly type: "over" }
  | { readonly type: "failed"; readonly error: ToldError };
