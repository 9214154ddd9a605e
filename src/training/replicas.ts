import type { Worker } from "node:worker_threads";
import type { Engine } from "../runtime/engine.ts";
import { openEngine } from "../runtime/node.ts";
import { FlatValues } from "../runtime/parameters.ts";
import { startThread } from "../runtime/thread-node.ts";
import type { TrainingMemory } from "../runtime/training-memory.ts";
import { addTally, NO_TALLY } from "./events.ts";
import {
  type ReplicaData,
  type ReplicaOrder,
  type ReplicaReport,
  type Shared,
  type Tallies,
  takeBatches,
} from "./replica.ts";
import { addGradients, batchesInTurn, type OpenStepGradients, type StepGradients } from "./step-gradients.ts";
import type { TaskBatch } from "./task.ts";
import { type Tally, TrainStep } from "./train-step.ts";

/**
 * The batches of a step side by side: replicas of the training step, one in this thread and the others in threads of
 * their own, share the batches and the engine's threads. Their gradients are summed in the order of the batches, so how
 * many replicas there are changes no bit.
 *
 * @param batches in a step, at most
 */
export function batchesSideBySide(engine: Engine, batches: number): OpenStepGradients {
  const replicas = Math.min(engine.threads, batches);
  if (engine.device !== "cpu" || replicas < 2) return batchesInTurn(engine);
  return async (program, memory, seed) => {
    const threads = Math.floor(engine.threads / replicas);
    const { layout } = memory.weights;
    const floats = () => new Float32Array(new SharedArrayBuffer(layout.length * Float32Array.BYTES_PER_ELEMENT));
    const shared = {
      weights: floats(),
      gradients: Array.from({ length: batches }, floats),
      taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    };
    const data = { program, slots: layout.slots, seed, threads, shared };
    return Replicas.open(await openEngine({ device: "cpu", threads }), memory, data, replicas - 1);
  };
}

/** The replica of this thread. */
interface OwnReplica {
  readonly trainStep: TrainStep;
  readonly gradients: Float32Array;
}

class Replicas implements StepGradients {
  readonly #own: OwnReplica;
  readonly #others: readonly ReplicaLink[];
  readonly #memory: TrainingMemory;
  readonly #shared: Shared;

  private constructor(own: OwnReplica, others: readonly ReplicaLink[], memory: TrainingMemory, shared: Shared) {
    this.#own = own;
    this.#others = others;
    this.#memory = memory;
    this.#shared = shared;
  }

  static async open(engine: Engine, memory: TrainingMemory, data: ReplicaData, others: number): Promise<Replicas> {
    const links = Array.from({ length: others }, () => new ReplicaLink(data));
    try {
      const { weights } = memory;
      // Not those of memory: a step expects to find its last gradients.
      const gradients = new FlatValues(weights.layout);
      const trainStep = await TrainStep.load(engine, data.program, { weights, gradients }, data.seed);
      await Promise.all(links.map((link) => link.ready()));
      return new Replicas({ trainStep, gradients: gradients.flat }, links, memory, data.shared);
    } catch (error) {
      for (const link of links) link.end();
      throw error;
    }
  }

  async run(batches: readonly TaskBatch[], step: number): Promise<Tally> {
    const { weights, gradients, summed } = this.#memory;
    const shared = this.#shared;
    shared.weights.set(weights.flat);
    Atomics.store(shared.taken, 0, 0);
    const order = { step, batches, turns: longestFirst(batches) };
    const others = Promise.all(this.#others.map((other) => other.run(order)));
    // A failure of theirs is told below, also if our own part takes long.
    others.catch(() => {});
    const own = await takeBatches(this.#own.trainStep, this.#own.gradients, shared, order);
    const tallies = new Map([own, ...(await others)].flat());
    summed?.fill(0);
    let tally: Tally = NO_TALLY;
    for (const part of batches.keys()) {
      gradients.flat.set(shared.gradients[part]);
      addGradients(this.#memory);
      tally = addTally(tally, tallies.get(part)!);
    }
    return tally;
  }

  async release(): Promise<void> {
    for (const other of this.#others) other.end();
    await this.#own.trainStep.release();
  }
}

/** The places of the batches, so that those that take long do not come last. */
function longestFirst(batches: readonly TaskBatch[]): number[] {
  const cells = batches.map(({ feeds }) => Object.values(feeds).reduce((sum, { data }) => sum + data.length, 0));
  return [...batches.keys()].sort((a, b) => cells[b] - cells[a]);
}

/** The near end of a thread with a replica. */
class ReplicaLink {
  readonly #thread: Worker;
  #resolve: (tallies: Tallies) => void = () => {};
  #reject: (error: Error) => void = () => {};
  #problem: Error | undefined;

  constructor(data: ReplicaData) {
    this.#thread = startThread("replica-thread", import.meta.url, data);
    this.#thread.on("message", (report: ReplicaReport) => {
      if (report.type === "failed") this.#fail(report.error);
      else this.#resolve(report.type === "done" ? report.tallies : []);
    });
    this.#thread.on("error", (error: Error) => this.#fail(error));
    this.#thread.on("exit", () =>
      this.#fail(new Error("training: a thread ended by itself; go on with the option resume")),
    );
  }

  /** Resolves when the thread can work. */
  async ready(): Promise<void> {
    await this.#answer();
  }

  /** Has the thread take part in a step. */
  async run(order: ReplicaOrder): Promise<Tallies> {
    const answer = this.#answer();
    this.#thread.postMessage(order);
    return answer;
  }

  /** ONNX Runtime does not bear being interrupted, so the thread ends itself after the step that it is in. */
  end(): void {
    this.#thread.postMessage("end");
  }

  #answer(): Promise<Tallies> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#problem !== undefined) reject(this.#problem);
    });
  }

  #fail(error: Error): void {
    this.#problem ??= error;
    this.#reject(this.#problem);
  }
}
