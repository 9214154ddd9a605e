import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Decoder, PRECISIONS, type Precision } from "../src/decoding/decoder.ts";
import { openEngine } from "../src/runtime/node.ts";
import { type Benchmark, chosen, progress, quantile, spreadOf } from "./benchmark.ts";
import { type Contender, type Kind, ours, rivals } from "./decode-contender.ts";
import { DecodeWork, type Ids } from "./decode-work.ts";
import { medianRatio, takeTurns, timesOf } from "./turns.ts";

const RIVALS = ["transformers", "pytorch"];

/** Writing sentences: tokens a second, token ids in and out, beside peers on the same weights. */
export const decodeSpeed: Benchmark = {
  summary: "tokens a second of greedy and beam search, alone and in batches, beside transformers.js and PyTorch",
  usage: `--model DIR       the folder of a trained model
--data FILE       pairs; their sources are decoded
--count N         sentences, drawn at random but always the same; default: 256
--batch N,…       sentences decoded at once; default: 1,64
--beam N,…        1 is greedy, and the peers take part in it; default: 1,4
--precision LIST  some of ${PRECISIONS.join()}, of ours and of transformers.js; default: all
--peers LIST      some of ${RIVALS.join()}, or none; default: all
--rounds N        in each of which everybody has a turn; default: 8
--threads N,…     everybody is measured with each; default: 1 and all cores`,
  run,
};

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: "string", default: "" },
      data: { type: "string", default: "" },
      count: { type: "string", default: "256" },
      batch: { type: "string", default: "1,64" },
      beam: { type: "string", default: "1,4" },
      precision: { type: "string", default: PRECISIONS.join() },
      peers: { type: "string", default: RIVALS.join() },
      rounds: { type: "string", default: "8" },
      threads: { type: "string", default: [...new Set([1, availableParallelism()])].join() },
    },
  });
  const numbers = (list: string) => list.split(",").map(Number);
  const precisions = chosen("precision", values.precision, PRECISIONS) as Precision[];
  const peers = values.peers === "none" ? [] : chosen("peers", values.peers, RIVALS);
  const threads = numbers(values.threads);
  const work = await DecodeWork.load(values.model, values.data, Number(values.count));
  const cases: Record<string, unknown>[] = [];
  try {
    for (const batch of numbers(values.batch)) {
      for (const beam of numbers(values.beam)) {
        const conditions = { batch, beam, peers: beam === 1 ? peers : [], precisions, threads };
        cases.push(await measure(work, { ...conditions, rounds: Number(values.rounds) }));
      }
    }
  } finally {
    work.release();
  }
  return { model: values.model, data: values.data, sentences: work.sentences, cases };
}

/** Our decoders, as they are for so many rows. */
async function compiled({ loaded }: DecodeWork, { batch, beam, precisions, threads }: Conditions) {
  const rows = batch * beam <= FEW ? "few" : "many";
  const decoders: (Kind & { readonly decoder: Decoder })[] = [];
  for (const count of threads) {
    const engine = await openEngine({ threads: count });
    for (const precision of precisions) {
      const decoder = await Decoder.compile(engine, loaded.model, loaded.weights, { precision, rows });
      decoders.push({ precision, threads: count, decoder });
    }
  }
  return decoders;
}

/** With no more rows, those of an answer alone, our decoders are compiled for few. */
const FEW = 4;

interface Conditions {
  readonly batch: number;
  readonly beam: number;
  readonly precisions: readonly Precision[];
  readonly threads: readonly number[];
  readonly peers: readonly string[];
  readonly rounds: number;
}

type Ours = ReturnType<typeof ours>;

/** Times ours and the peers by turns over the same sentences. */
async function measure(work: DecodeWork, conditions: Conditions) {
  const { batch, beam, rounds, peers, precisions } = conditions;
  const turns = work.turnsOf(batch);
  const decoders = await compiled(work, conditions);
  const own = decoders.map(({ decoder, ...kind }) => ours(decoder, kind, work, turns, beam));
  const others: Contender[] = [];
  try {
    for (const peer of peers) others.push(...(await rivals(peer, work, turns, conditions)));
    await takeTurns(
      [...own, ...others].flatMap(({ runner }) => runner ?? []),
      rounds,
    );
  } finally {
    for (const { stop } of others) await stop?.();
    for (const { decoder } of decoders) await decoder.release();
  }
  for (const { problem } of own.map(({ runner }) => runner)) if (problem !== undefined) throw new Error(problem);

  const [first] = own;
  const best = precisions.map((precision) => fastest(own.filter((one) => one.precision === precision)));
  const tokensOf = ({ length }: Ids) => Math.min(length + 1, work.loaded.model.maxLength);
  const rate = (one: Contender) => (seconds: number, round: number) => {
    const answers = one.written.get(round % turns.length)!;
    return answers.reduce((sum, ids) => sum + tokensOf(ids), 0) / seconds;
  };
  const told = (one: Contender) => ({ ...one.who, ...speed(one, rate(one)), ...likeness(one, first) });
  const lines = [...own, ...others].map((one) => line(one, speed(one, rate(one)), best));
  progress(`batch ${batch}, beam ${beam}; in brackets by processor time\n${lines.join("\n")}`);
  return {
    batch,
    beam,
    /** With `<end>`, as everywhere here. */
    tokensPerAnswer: spreadOf([...first.written.values()].flat().map(tokensOf)).mean,
    ours: own.map(told),
    ...(peers.length > 0 && { peers: others.map((peer) => ({ ...told(peer), ...compared(peer, best) })) }),
  };
}

/** Tokens a second in each round, and a second of processor time. */
function speed({ runner, processor }: Contender, rate: (seconds: number, round: number) => number) {
  if (runner === undefined) return {};
  if (runner.problem !== undefined) return { unavailable: runner.problem };
  return {
    tokensPerSecond: spreadOf(runner.rounds.map(rate)),
    tokensPerProcessorSecond: spreadOf(processor.map(rate)),
  };
}

/** How many answers are those of our first decoder. */
function likeness({ written }: Contender, first: Ours) {
  const same = [...written].flatMap(([turn, answers]) => {
    const expected = first.written.get(turn) ?? [];
    return expected.map((ids, i) => ids.join() === answers[i].join());
  });
  return { answers: same.length, sameAnswers: same.filter(Boolean).length };
}

function fastest(own: readonly Ours[]): Ours {
  const seconds = ({ runner }: Ours) => quantile(runner.rounds, 0.5);
  return own.reduce((a, b) => (seconds(b) < seconds(a) ? b : a));
}

/** How many times as long a peer takes as ours of each precision, with the number of threads that is best for ours. */
function compared({ runner, processor }: Contender, best: readonly Ours[]) {
  if (runner === undefined || runner.problem !== undefined) return {};
  const each = (times: (one: Ours) => number) => Object.fromEntries(best.map((one) => [one.precision, times(one)]));
  return {
    timesOurs: each((one) => timesOf(runner, one.runner)),
    processorTimesOurs: each((one) => medianRatio(processor, one.processor)),
  };
}

function line(one: Contender, { tokensPerSecond }: ReturnType<typeof speed>, best: readonly Ours[]): string {
  const { peer = "jumok", version = "", precision, dtype = precision, rows, threads, unavailable } = one.who;
  const kind = [peer, version, dtype, rows && `${rows} rows`, threads && `${threads} threads`]
    .filter(Boolean)
    .join(" ");
  const problem = unavailable ?? one.runner?.problem;
  if (problem !== undefined) return `  ${kind}: ${problem}`;
  const { timesOurs = {}, processorTimesOurs = {} } = compared(one, best);
  const times = Object.entries<number>(timesOurs).map(
    ([name, wall]) => `${wall.toFixed(2)} (${processorTimesOurs[name].toFixed(2)}) times our ${name}`,
  );
  return `  ${kind}: ${tokensPerSecond?.median.toFixed(0)} tokens/s; ${times.join(", ")}`;
}
