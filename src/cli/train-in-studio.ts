import type { Device } from "../runtime/engine.ts";
import { allowedFiles } from "../server/training-files.ts";
import type { PlannedRun } from "../server/training-messages.ts";
import type { RunEvent } from "../training/run-events.ts";
import { printJson, tell } from "./output.ts";
import { StopSignal } from "./stop-signal.ts";
import { openStudioServer } from "./studio-server.ts";
import { displayOf } from "./training-display.ts";

/** A training that is shown on a page, and can be stopped and gone on with there. */
export interface StudioTraining {
  readonly run: PlannedRun;
  readonly device?: Device;
  /** Threads of the training for one operation. Default: all cores. */
  readonly threads?: number;
  /** Events as JSON on standard output, and nothing for people. */
  readonly json?: boolean;
  readonly port?: number;
  /** The command that goes on with this run after it was stopped. */
  readonly goOn: string;
}

/**
 * Trains beside a server that shows it, and goes on serving until a signal; that saves a run under way.
 *
 * @returns the exit code: 130 or 143 when a signal stopped the run, 1 when it failed, else 0
 */
export async function trainInStudio({
  run,
  device,
  threads,
  json = false,
  port,
  goOn,
}: StudioTraining): Promise<number> {
  const display = displayOf(json);
  const note = (line: string) => (json ? undefined : display.note(line));
  const training = {
    commands: true,
    files: await allowedFiles([run.data]),
    threads,
    onEvent: (event: RunEvent) => display.show(event),
  };
  const server = await openStudioServer({ folder: run.out, port, device, training });
  const desk = server.training!;
  const address = `${server.url}/#train`;
  if (json) printJson({ type: "studio", url: address });
  else tell(`the studio is at ${address}`);

  let code = 0;
  let failure: unknown;
  const stopped = new Promise<void>((resolve) => {
    const stop = new StopSignal(() => {
      if (desk.busy) {
        code = stop.exitCode;
        note("stopping after this step; Ctrl-C again quits at once");
      }
      resolve();
    });
    stop.listen();
    desk
      .start(run)
      .then((state) => {
        if (state === "stopped") note(`stopped at step ${desk.now.step}; go on on the page, or with: ${goOn}`);
        else note(`the model is in ${run.out}; talk to it and see its attention at ${server.url}; Ctrl-C ends`);
      })
      .catch((error: Error) => {
        code = 1;
        if (error.name === "DivergedError") note(`jumok: ${error.message}; the page shows it, Ctrl-C ends`);
        else {
          failure = error;
          resolve();
        }
      });
  });
  await stopped;
  await server.drain(1);
  display.close();
  if (json) printJson({ type: "stopped", step: desk.now.step, state: desk.now.state });
  if (failure !== undefined) throw failure;
  return code;
}
