import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { readPairs } from "../src/data/pairs.ts";
import { Random } from "../src/random/random.ts";
import { type Benchmark, progress, quantile } from "./benchmark.ts";
import { figuresOf, type Load, load } from "./http-load.ts";
import { ServedProcess } from "./served-process.ts";

const WARMUP = { clients: 8, seconds: 3 };
/** Clients after an overload. */
const RECOVERED = 8;
const SLICE_SECONDS = 15;

/** Chat by HTTP with several clients that each ask again as soon as they are answered. */
export const serve: Benchmark = {
  summary: "chat by HTTP with batches and one text at a time, overload, memory",
  usage: `--model DIR     the folder of a trained model
--data FILE     pairs; their sources are the questions; default: data/small-talk.ko.tsv
--clients N,…   how many at once; default: 1,8,64
--seconds N     of each turn; default: 10
--rounds N      turns of both servers for each number of clients; default: 3
--overload N    clients of the overload; default: 1000
--minutes MIN   of load at the end, with the memory every ${SLICE_SECONDS} seconds; default: none
--workers N     worker threads of both servers; default: as jumok serve
--threads N     of each for one operation; default: as jumok serve
--queue N       texts that may wait; default: as jumok serve
--rows N        rows that may run together in the server with batches; default: as jumok serve`,
  run,
};

type Questions = Iterator<string, never>;

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: "string" },
      data: { type: "string", default: "data/small-talk.ko.tsv" },
      clients: { type: "string", default: "1,8,64" },
      seconds: { type: "string", default: "10" },
      rounds: { type: "string", default: "3" },
      overload: { type: "string", default: "1000" },
      minutes: { type: "string", default: "0" },
      workers: { type: "string" },
      threads: { type: "string" },
      queue: { type: "string" },
      rows: { type: "string" },
    },
  });
  if (values.model === undefined) throw new Error("give --model DIR");
  const [seconds, rounds, minutes] = [values.seconds, values.rounds, values.minutes].map(Number);
  if (!(minutes >= 0)) throw new Error(`--minutes must be a number, not ${values.minutes}`);
  const clients = values.clients.split(",").map(Number);
  const questions = await questionsOf(values.data);
  const flags = Object.entries({ workers: values.workers, threads: values.threads, "max-queue": values.queue });
  const more = values.rows === undefined ? [] : ["--max-batch", values.rows];
  const words = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value]));

  const servers: ServedProcess[] = [];
  const start = async (...more: string[]) => {
    const server = await ServedProcess.start([values.model as string, ...words, ...more]);
    servers.push(server);
    await load(server, questions, WARMUP);
    return server;
  };
  try {
    const [batched, single] = [await start(...more), await start("--max-batch", "1")];
    progress(`clients and servers share ${availableParallelism()} cores\n${HEADER}`);
    const loads = [];
    for (const count of clients) {
      const turn = () => ({ clients: count, seconds });
      const compared = await compare({ batched, single, rounds }, (server) => load(server, questions, turn()));
      progress(rowOf(`${count}`, compared.batched, compared.timesAsMany));
      progress(rowOf(`${count}, one at a time`, compared.oneAtATime));
      loads.push({ clients: count, ...compared });
    }
    await single.stop();
    const overload = await overloaded(batched, questions, { clients: Number(values.overload), seconds });
    const memory =
      minutes === 0 ? undefined : await lasting(batched, questions, { clients: Math.max(...clients), minutes });
    return {
      model: values.model,
      data: values.data,
      flags: [...words, ...more].join(" "),
      secondsPerTurn: seconds,
      rounds,
      coresSharedByClientsAndServers: availableParallelism(),
      loads,
      overload,
      ...(memory && { memory }),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** The questions of a file in an order that is always the same, again and again. */
async function questionsOf(file: string): Promise<Questions> {
  const { pairs } = await readPairs(file);
  const different = [...new Set(pairs.map(({ source }) => source))];
  const shuffled = Random.of(1, "questions").shuffle(different);
  return (function* (): Generator<string, never> {
    for (;;) yield* shuffled;
  })();
}

/** Both servers by turns under the same load; each round begins with the other. */
async function compare(
  { batched, single, rounds }: { batched: ServedProcess; single: ServedProcess; rounds: number },
  loaded: (server: ServedProcess) => Promise<Load>,
) {
  const turns = new Map<ServedProcess, Load[]>([
    [batched, []],
    [single, []],
  ]);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [batched, single] : [single, batched];
    for (const server of order) turns.get(server)?.push(await loaded(server));
  }
  const [many, one] = [...turns.values()];
  const rate = ({ answered, seconds }: Load) => answered.length / seconds;
  return {
    batched: figuresOf(many),
    oneAtATime: figuresOf(one),
    /** Answers in the same time: of the rounds the median. */
    timesAsMany: quantile(
      many.map((turn, round) => rate(turn) / rate(one[round])),
      0.5,
    ),
  };
}

/** More clients than the server lets wait, and then few. */
async function overloaded(server: ServedProcess, questions: Questions, turn: { clients: number; seconds: number }) {
  const during = figuresOf([await load(server, questions, turn)]);
  const after = figuresOf([await load(server, questions, { ...turn, clients: RECOVERED })]);
  progress(rowOf(`${turn.clients}, overload`, during));
  progress(rowOf(`${RECOVERED}, after it`, after));
  return { clients: turn.clients, during, after: { clients: RECOVERED, ...after } };
}

/** The memory of a server under load. */
async function lasting(
  server: ServedProcess,
  questions: Questions,
  { clients, minutes }: { clients: number; minutes: number },
) {
  const slices: Load[] = [];
  for (let left = minutes * 60; left > 0; left -= SLICE_SECONDS) {
    slices.push(await load(server, questions, { clients, seconds: Math.ceil(Math.min(left, SLICE_SECONDS)) }));
  }
  const residentMiB = slices.map((slice) => slice.residentMiB);
  const figures = figuresOf(slices);
  progress(rowOf(`${clients}, ${minutes} min`, figures));
  progress(`resident MiB every ${SLICE_SECONDS} s: ${residentMiB.map((mib) => mib.toFixed(0)).join(" ")}`);
  return { clients, minutes, ...figures, secondsPerSample: SLICE_SECONDS, residentMiB };
}

const COLUMNS = ["clients", "requests/s", "p50 ms", "p99 ms", "refused", "failed", "a step", "CPU ms", "cores", "MiB"];
const WIDTHS = [20, 11, 8, 8, 9, 7, 8, 8, 12, 6];
const HEADER = lineOf([...COLUMNS, "times as many"]);

function rowOf(name: string, figures: ReturnType<typeof figuresOf>, timesAsMany?: number): string {
  const { requestsPerSecond, milliseconds, refused, failed, tokensPerStep, cpuMillisecondsPerAnswer } = figures;
  const { coresUsed, residentMiB } = figures;
  return lineOf([
    name,
    requestsPerSecond.toFixed(0),
    milliseconds?.p50.toFixed(0) ?? "-",
    milliseconds?.p99.toFixed(0) ?? "-",
    `${refused[429] + refused[503]}`,
    `${failed}`,
    tokensPerStep.toFixed(1),
    cpuMillisecondsPerAnswer.toFixed(2),
    `${coresUsed.server.toFixed(1)} + ${coresUsed.client.toFixed(1)}`,
    residentMiB?.toFixed(0) ?? "-",
    ...(timesAsMany === undefined ? [] : [`${timesAsMany.toFixed(2)} ×`]),
  ]);
}

function lineOf(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[i] ?? 15))).join("");
}
