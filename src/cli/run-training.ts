import { type TrainingRun, trainFolder } from "../training/run.ts";
import { printJson } from "./output.ts";
import { StopSignal } from "./stop-signal.ts";
import { displayOf } from "./training-display.ts";

export interface ShownRun {
  readonly run: TrainingRun;
  /** Events as JSON on standard output, and nothing for people. */
  readonly json?: boolean;
  /** The command that goes on with this run after it was stopped. */
  readonly goOn: string;
}

/**
 * Trains and shows it. Ctrl-C leaves the loop, which saves a checkpoint.
 *
 * @returns the exit code: 0 when the model was saved, 130 or 143 when a signal stopped the run
 */
export async function runTraining({ run, json = false, goOn }: ShownRun): Promise<number> {
  const display = displayOf(json);
  const stop = new StopSignal(() => display.note("stopping after this step; Ctrl-C again quits at once"));
  let step = 0;
  let saved = false;
  try {
    for await (const event of trainFolder(run)) {
      display.show(event);
      // Until there is something to keep, a signal may end the process as it does any other.
      if (event.type === "start") {
        step = event.resumedAt;
        if (run.resume && step === 0)
          display.note(`${run.out}: there is no checkpoint yet; starting from the beginning`);
        stop.listen();
      }
      if (event.type === "step") step = event.step;
      if (event.type === "saved") saved = true;
      if (stop.received !== undefined) break;
    }
  } finally {
    display.close();
    stop.release();
  }
  if (saved) return 0;
  if (json) printJson({ type: "stopped", step, signal: stop.received });
  display.note(`stopped at step ${step}; go on with: ${goOn}`);
  return stop.exitCode;
}
