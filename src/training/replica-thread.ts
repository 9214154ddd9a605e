/** The program of a thread that computes batches of a training step, beside others that do the same. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openEngine } from "../runtime/node.ts";
import { FlatValues, Layout } from "../runtime/parameters.ts";
import { type ReplicaData, type ReplicaOrder, type ReplicaReport, takeBatches } from "./replica.ts";
import { TrainStep } from "./train-step.ts";

const port = parentPort as MessagePort;
const report = (what: ReplicaReport) => port.postMessage(what);
const { program, slots, seed, threads, shared } = workerData as ReplicaData;

const layout = new Layout(new Map(slots.map((slot) => [slot.name, slot])));
const memory = { weights: new FlatValues(layout), gradients: new FlatValues(layout) };

/** Takes part in a step. */
async function work(trainStep: TrainStep, order: ReplicaOrder): Promise<void> {
  memory.weights.flat.set(shared.weights);
  report({ type: "done", tallies: await takeBatches(trainStep, memory.gradients.flat, shared, order) });
}

const failed = (error: Error) => report({ type: "failed", error });
try {
  const engine = await openEngine({ device: "cpu", threads });
  const trainStep = await TrainStep.load(engine, program, memory, seed);
  port.on("message", (order: ReplicaOrder | "end") => {
    if (order === "end") process.exit();
    work(trainStep, order).catch(failed);
  });
  report({ type: "ready" });
} catch (error) {
  failed(error as Error);
}
