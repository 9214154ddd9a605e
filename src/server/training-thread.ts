/** The program of a thread that trains: tells each event, and leaves the run, which saves it, when it is told to. */
import { setImmediate } from "node:timers/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openEngine } from "../runtime/node.ts";
import { trainFolder } from "../training/run.ts";
import { toldError } from "./messages.ts";
import type { TrainingReport, TrainingThreadData } from "./training-messages.ts";

const port = parentPort as MessagePort;
const report = (what: TrainingReport) => port.postMessage(what);
const { run, device, threads } = workerData as TrainingThreadData;

let stopped = false;
port.on("message", () => {
  stopped = true;
});

try {
  const engine = await openEngine({ device, threads });
  for await (const event of trainFolder({ ...run, engine })) {
    report({ type: "event", event });
    // Lets the order to stop in.
    await setImmediate();
    if (stopped) break;
  }
  report({ type: "over" });
} catch (error) {
  report({ type: "failed", error: toldError(error) });
}
port.close();
