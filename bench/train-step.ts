import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lengthsOf, paddingShare, planBatches } from "../src/data/batch-plan.ts";
import { type Batch, makeBatch } from "../src/data/batches.ts";
import { readPairs } from "../src/data/pairs.ts";
import { configOf, modelOf } from "../src/formats/model-config.ts";
import { Adam } from "../src/optim/adam.ts";
import type { Engine } from "../src/runtime/engine.ts";
import { openEngine } from "../src/runtime/node.ts";
import type { TrainingMemory } from "../src/runtime/training-memory.ts";
import { scheduleOf } from "../src/training/learning-options.ts";
import { type Prepared, prepare } from "../src/training/prepare.ts";
import { runOptions } from "../src/training/run-options.ts";
import type { Seq2SeqOptions } from "../src/training/seq2seq-options.ts";
import { batchFeeds, Seq2SeqTask } from "../src/training/seq2seq-task.ts";
import { stepProgram } from "../src/training/step-program.ts";
import { trainingMemory } from "../src/training/train.ts";
import { TrainStep } from "../src/training/train-step.ts";
import { type Benchmark, progress, quantile, spreadOf } from "./benchmark.ts";
import { ObservedEngine } from "./observed-engine.ts";
import { PEERS, type PeerAnswer, type PeerInput, peerCommands, runPeer } from "./peer-process.ts";
import { ProductFloor, ShapeSurvey, type Survey } from "./product-floor.ts";
import { PAUSE_MILLISECONDS } from "./turns.ts";

/** Batches before the clock starts, for ours and for every peer. */
const WARMUP = 8;

/** One training step of the study notes' chatbot on batches of real lengths, beside its floor and its peers. */
export const trainStep: Benchmark = {
  summary: "a training step (graph run + Adam) against its own matrix products and against other libraries",
  usage: `--data FILE     pairs; default: the project's small talk
--batches N     timed batches, after ${WARMUP} to warm up; default: 30
--peers LIST    some of ${PEERS.join()}, or none; default: all
--threads N     default: all cores`,
  run,
};

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string", default: fileURLToPath(new URL("../data/small-talk.ko.tsv", import.meta.url)) },
      batches: { type: "string", default: "30" },
      peers: { type: "string", default: PEERS.join() },
      threads: { type: "string" },
    },
  });
  const peers = values.peers === "none" ? [] : values.peers.split(",");
  const stranger = peers.find((peer) => !PEERS.includes(peer));
  if (stranger !== undefined) throw new Error(`--peers: ${stranger} is none of ${PEERS.join(", ")}`);

  const options = runOptions("notes-chatbot");
  const prepared = prepare(await readPairs(values.data), options);
  const lengths = lengthsOf(prepared.data.train);
  const plan = planBatches(lengths, {
    batchSize: options.batchSize,
    bucketWindow: options.bucketWindow,
    seed: options.seed,
    epoch: 1,
  });
  const batches = plan.slice(0, WARMUP + Number(values.batches));
  const engine = await openEngine({ threads: values.threads === undefined ? undefined : Number(values.threads) });
  const ours = await OurStep.compile(engine, prepared, options, batches);
  const floor = await floorOf(ours);
  progress(`${ours.parameters} parameters, ${batches.length} batches, ${floor.products} matrix products`);

  const { steps, floors } = await measureByTurns(ours, floor);
  const gflop = floors.map((_, i) => floor.flop(WARMUP + i) / 1e9);
  await floor.release();
  const rivals = await measurePeers(peers, ours, steps);
  await ours.release();

  return {
    data: {
      file: values.data,
      pairs: prepared.data.train.length,
      paddingShare: paddingShare(lengths, plan),
    },
    model: { ...ours.shape, parameters: ours.parameters },
    engine: engine.description,
    batches: { size: options.batchSize, warmup: WARMUP, timed: floors.length },
    secondsPerStep: Object.fromEntries(PARTS.map((part) => [part, spreadOf(steps.map((times) => times[part]))])),
    floor: {
      secondsPerStep: spreadOf(floors),
      products: floor.products,
      gflopPerStep: spreadOf(gflop).mean,
      gflopPerSecond: spreadOf(gflop.map((amount, i) => amount / floors[i])).median,
    },
    stepToFloor: {
      /** Median over batches of step / floor. */
      median: quantile(
        steps.map(({ whole }, i) => whole / floors[i]),
        0.5,
      ),
      /** All steps / all floors. */
      ofSums: spreadOf(steps.map(({ whole }) => whole)).mean / spreadOf(floors).mean,
    },
    ...(peers.length > 0 && { peers: rivals }),
  };
}

const PARTS = ["whole", "graphRun", "masksAndEmbeddingRows", "optimizer", "makingTheBatch"] as const;

/** Seconds of a step, and of its parts. */
type StepTimes = Record<(typeof PARTS)[number], number>;

/** What training does for every batch. */
class OurStep {
  readonly shape: PeerInput["model"];
  readonly engine: ObservedEngine;
  readonly batchCount: number;
  readonly #makeBatch: (index: number) => Batch;
  readonly #step: TrainStep;
  readonly #memory: TrainingMemory;
  readonly #adam: Adam;
  readonly #schedule: (step: number) => number;
  #done = 0;

  private constructor(made: {
    shape: PeerInput["model"];
    engine: ObservedEngine;
    batchCount: number;
    makeBatch: (index: number) => Batch;
    step: TrainStep;
    memory: TrainingMemory;
    schedule: (step: number) => number;
  }) {
    this.shape = made.shape;
    this.engine = made.engine;
    this.batchCount = made.batchCount;
    this.#makeBatch = made.makeBatch;
    this.#step = made.step;
    this.#memory = made.memory;
    this.#adam = new Adam(made.memory);
    this.#schedule = made.schedule;
  }

  static async compile(
    engine: Engine,
    { tokenizer, data }: Prepared,
    options: Seq2SeqOptions,
    batches: readonly Int32Array[],
  ): Promise<OurStep> {
    const { numLayers, dModel, numHeads, dFeedForward, dropout, labelSmoothing } = options;
    const { vocabularySize } = tokenizer;
    const model = modelOf(configOf({ ...options, vocabularySize }, tokenizer));
    const memory = trainingMemory(model, options);
    const observed = new ObservedEngine(engine);
    return new OurStep({
      shape: { numLayers, dModel, numHeads, dFeedForward, dropout, vocabularySize, labelSmoothing },
      engine: observed,
      batchCount: batches.length,
      makeBatch: (index) => makeBatch(data.train, batches[index], tokenizer.padId),
      step: await TrainStep.load(
        observed,
        stepProgram(new Seq2SeqTask(model, tokenizer.padId), options.labelSmoothing),
        memory,
        options.seed,
      ),
      memory,
      schedule: scheduleOf(options, options.dModel)(batches.length * options.epochs),
    });
  }

  get parameters(): number {
    return this.#memory.weights.layout.count;
  }

  async run(index: number): Promise<StepTimes> {
    const step = ++this.#done;
    const began = performance.now();
    const batch = this.#makeBatch(index);
    const made = performance.now();
    const { tokens } = await this.#step.run({ feeds: batchFeeds(batch), tokens: batch.tokens }, step);
    const computed = performance.now();
    this.#adam.update(this.#memory.gradients.flat, step, this.#schedule(step), 1 / tokens);
    const moved = performance.now();
    const graphRun = this.engine.seconds;
    return {
      whole: (moved - began) / 1000,
      graphRun,
      masksAndEmbeddingRows: (computed - made) / 1000 - graphRun,
      optimizer: (moved - computed) / 1000,
      makingTheBatch: (made - began) / 1000,
    };
  }

  /** All batches as peers read them. */
  peerInput(): PeerInput {
    const batches = Array.from({ length: this.batchCount }, (_, index) => peerBatch(this.#makeBatch(index)));
    const adam = { beta1: 0.9, beta2: 0.98, epsilon: 1e-9 };
    return { model: this.shape, adam, learningRate: 1e-4, warmup: WARMUP, batches };
  }

  async release(): Promise<void> {
    await this.#step.release();
  }
}

/** A batch as rows padded with 0, targets with their `<start>` and `<end>`. */
function peerBatch(batch: Batch): PeerInput["batches"][number] {
  const { size, sourceTime, targetTime, sourceIds, decoderInput, targetLengths, labels } = batch;
  const source = Array.from({ length: size }, (_, row) => [
    ...sourceIds.subarray(row * sourceTime, (row + 1) * sourceTime),
  ]);
  let next = 0;
  const target = Array.from({ length: size }, (_, row) => {
    const first = next;
    next += targetLengths[row];
    const padding = new Array<number>(targetTime - targetLengths[row]).fill(0);
    return [decoderInput[row * targetTime], ...labels.subarray(first, next), ...padding];
  });
  return { source, target };
}

/** Runs every batch once, which also warms everything up, and learns the shapes of its products. */
async function floorOf(ours: OurStep): Promise<ProductFloor> {
  const { model } = ours.engine;
  const survey = await ShapeSurvey.compile(ours.engine.plain, model);
  const surveys: Survey[] = [];
  for (let index = 0; index < ours.batchCount; index++) {
    await ours.run(index);
    surveys.push(await survey.survey(ours.engine.feeds));
  }
  await survey.release();
  const floor = await ProductFloor.compile(ours.engine.plain, model, surveys);
  for (let index = 0; index < ours.batchCount; index++) await floor.run(index);
  return floor;
}

/** Times step and floor by turns, batch by batch, so that a slow moment of the machine meets both. */
async function measureByTurns(ours: OurStep, floor: ProductFloor): Promise<{ steps: StepTimes[]; floors: number[] }> {
  const steps: StepTimes[] = [];
  const floors: number[] = [];
  for (let index = 0; index < ours.batchCount; index++) {
    const turns = [async () => steps.push(await ours.run(index)), async () => floors.push(await floor.run(index))];
    for (const turn of index % 2 === 0 ? turns : turns.reverse()) {
      await sleep(PAUSE_MILLISECONDS);
      await turn();
    }
  }
  return { steps: steps.slice(WARMUP), floors: floors.slice(WARMUP) };
}

/** Times each peer alone; ours ran just before and runs again just after, so that both are of the same minutes. */
async function measurePeers(peers: readonly string[], ours: OurStep, before: readonly StepTimes[]) {
  const input = ours.peerInput();
  const found: Record<string, unknown>[] = [];
  let earlier = before.map(({ whole }) => whole);
  for (const peer of peers) {
    const commands = await peerCommands(peer);
    if (commands.length === 0) found.push({ peer, unavailable: "no interpreter here has it" });
    for (const command of commands) {
      progress(`${peer}${command.variant === undefined ? "" : `, ${command.variant}`} …`);
      const answer = await runPeer(peer, command, input);
      const later: number[] = [];
      for (let index = 0; index < ours.batchCount; index++) later.push((await ours.run(index)).whole);
      found.push(compared(answer, command.variant, [...earlier, ...later.slice(WARMUP)]));
      earlier = later.slice(WARMUP);
    }
  }
  return found;
}

function compared(answer: PeerAnswer, variant: string | undefined, ours: readonly number[]): Record<string, unknown> {
  const { secondsPerStep, losses, ...rest } = answer;
  if (secondsPerStep === undefined || losses === undefined) return rest;
  const [theirTimes, ourTimes] = [spreadOf(secondsPerStep), spreadOf(ours)];
  progress(`${answer.peer}: ${theirTimes.median.toFixed(3)} s a step, ours ${ourTimes.median.toFixed(3)} s`);
  return {
    ...rest,
    ...(variant !== undefined && { variant }),
    losses: { first: losses[0], last: losses[losses.length - 1] },
    secondsPerStep: theirTimes,
    oursBeforeAndAfter: ourTimes,
    timesOurs: { ofMedians: theirTimes.median / ourTimes.median, ofSums: theirTimes.mean / ourTimes.mean },
  };
}
