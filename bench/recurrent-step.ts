import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Engine } from "../src/runtime/engine.ts";
import { openEngine } from "../src/runtime/node.ts";
import { type Benchmark, chosen, progress, quantile, spreadOf } from "./benchmark.ts";
import { LivePeer, type PeerIntroduction } from "./live-peer.ts";
import { peerCommands } from "./peer-process.ts";
import { ProductFloor, ShapeSurvey } from "./product-floor.ts";
import { recurrentLayers } from "./recurrent-layers.ts";
import { recurrentPairs } from "./recurrent-pairs.ts";
import type { Size, Subject } from "./recurrent-subject.ts";
import { Runner, takeTurns, timesOf } from "./turns.ts";

const LAYERS = { cell: "lstm", numLayers: 2, bidirectional: true, inputSize: 128, hiddenSize: 64 } as const;
const PAIRS = { vocabularySize: 8192, width: 256 };
const BATCH = 64;
const LARGE_BATCH = 256;

const PARTS = ["layers", "pairs"];
const RIVALS = ["pytorch", "tensorflow"];

/** A training step of recurrent networks on sequences of several lengths, beside its floor and its peers. */
export const recurrentStep: Benchmark = {
  summary: "a training step of recurrent networks at several lengths against its own matrix products and its peers",
  usage: `--parts LIST        ${PARTS.join(": LSTM layers both ways; ")}: LSTM encoder-decoder with attention; default: both
--lengths N,…       of the layers' sequences, the longest also with ${LARGE_BATCH} at once; default: 30,60,120,240
--pair-lengths N,…  of the longest source and target; default: 15,30,60,120
--peers LIST        some of ${RIVALS.join()}, or none; default: all
--rounds N          in each of which everybody has a turn; default: 7
--threads N         default: all cores`,
  run,
};

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parts: { type: "string", default: PARTS.join() },
      lengths: { type: "string", default: "30,60,120,240" },
      "pair-lengths": { type: "string", default: "15,30,60,120" },
      peers: { type: "string", default: RIVALS.join() },
      rounds: { type: "string", default: "7" },
      threads: { type: "string" },
    },
  });
  const parts = chosen("parts", values.parts, PARTS);
  const peers = values.peers === "none" ? [] : chosen("peers", values.peers, RIVALS);
  const rounds = Number(values.rounds);
  const threads = values.threads === undefined ? availableParallelism() : Number(values.threads);
  const engine = await openEngine({ threads });
  const conditions = { peers, rounds, threads };
  const ofOneBatch = (list: string) => list.split(",").map((length) => ({ batch: BATCH, length: Number(length) }));

  const figures: Record<string, unknown> = { engine: engine.description, rounds };
  if (parts.includes("layers")) {
    const sizes = ofOneBatch(values.lengths);
    const longest = Math.max(...sizes.map(({ length }) => length));
    sizes.push({ batch: LARGE_BATCH, length: longest });
    figures.layers = await measure(engine, await recurrentLayers(engine, LAYERS), sizes, conditions);
  }
  if (parts.includes("pairs")) {
    const sizes = ofOneBatch(values["pair-lengths"]);
    const longest = Math.max(...sizes.map(({ length }) => length));
    figures.pairs = await measure(engine, await recurrentPairs(engine, PAIRS, longest), sizes, conditions);
  }
  return figures;
}

interface Conditions {
  readonly peers: readonly string[];
  readonly rounds: number;
  readonly threads: number;
}

async function measure(engine: Engine, subject: Subject, sizes: readonly Size[], conditions: Conditions) {
  const cases: Record<string, unknown>[] = [];
  for (const size of sizes) cases.push(await measureOne(engine, subject, size, conditions));
  await subject.release();
  return { model: subject.model, cases };
}

/** Times step, floor and peers by turns. */
async function measureOne(engine: Engine, subject: Subject, size: Size, { peers, rounds, threads }: Conditions) {
  const { tokens, task, step } = subject.batchOf(size);
  await step();
  const survey = await ShapeSurvey.compile(engine, subject.engine.model);
  const shapes = await survey.survey(subject.engine.feeds);
  await survey.release();
  const floor = await ProductFloor.compile(engine, subject.engine.model, [shapes]);
  const rivals = await startAll(peers, { ...task, threads });

  const ours = Runner.of(step);
  const products = Runner.of(() => floor.run(0));
  await takeTurns([ours, products, ...rivals.flatMap(({ runner }) => runner ?? [])], rounds);
  for (const { live } of rivals) await live?.stop();
  await floor.release();
  for (const { problem } of [ours, products]) if (problem !== undefined) throw new Error(problem);

  const gflop = floor.flop(0) / 1e9;
  const found = {
    ...size,
    tokens,
    secondsPerStep: spreadOf(ours.rounds),
    microsecondsPerToken: (quantile(ours.rounds, 0.5) / tokens) * 1e6,
    floor: {
      secondsPerStep: spreadOf(products.rounds),
      products: floor.products,
      /** Those in the step of a recurrence are timed in a loop of nothing else. */
      stepsOfLoops: [...shapes.steps.values()].reduce((a, b) => a + b, 0),
      gflopPerStep: gflop,
      gflopPerSecond: gflop / quantile(products.rounds, 0.5),
    },
    /** Median over rounds of step / floor. */
    stepToFloor: timesOf(ours, products),
    ...(peers.length > 0 && { peers: rivals.map((rival) => compared(rival, ours)) }),
  };
  progress(
    `${size.batch} × ${size.length}: ${found.secondsPerStep.median.toFixed(3)} s a step, ` +
      `${found.stepToFloor.toFixed(2)} times its products${rivals.map((rival) => said(rival, ours)).join("")}`,
  );
  return found;
}

/** A peer that was asked to take turns. */
interface Rival {
  readonly introduction: PeerIntroduction;
  readonly variant?: string;
  readonly live?: LivePeer;
  readonly runner?: Runner;
}

async function startAll(peers: readonly string[], task: object): Promise<Rival[]> {
  const rivals: Rival[] = [];
  for (const peer of peers) {
    const commands = await peerCommands(peer, "recurrent-");
    if (commands.length === 0) rivals.push({ introduction: { peer, unavailable: "no interpreter here has it" } });
    for (const command of commands) {
      const { live, introduction } = await LivePeer.start(peer, command, task);
      const runner =
        introduction.unavailable === undefined
          ? new Runner(async (seconds) => (await live.turn(seconds)).secondsPerStep)
          : undefined;
      rivals.push({ introduction, variant: command.variant, live, runner });
    }
  }
  return rivals;
}

function compared({ introduction, variant, runner }: Rival, ours: Runner): Record<string, unknown> {
  const who = { ...introduction, ...(variant !== undefined && { variant }) };
  if (runner === undefined) return who;
  if (runner.problem !== undefined) return { ...who, unavailable: runner.problem };
  return { ...who, secondsPerStep: spreadOf(runner.rounds), timesOurs: timesOf(runner, ours) };
}

function said({ introduction: { peer, unavailable }, variant, runner }: Rival, ours: Runner): string {
  const name = variant === undefined ? peer : `${peer} (${variant})`;
  const problem = unavailable ?? runner?.problem;
  return `; ${name}: ${problem ?? `${timesOf(runner!, ours).toFixed(2)} times ours`}`;
}
