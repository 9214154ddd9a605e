/**
 * Runs a benchmark: `npm run --silent bench -- NAME [options]`. Figures go to stdout as JSON, progress to stderr.
 * Without a name it lists the benchmarks. Exit codes: 0 done, 1 failed, 2 wrong use.
 */
import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";
import { machine } from "./machine.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  "train-step": async () => (await import("./train-step.ts")).trainStep,
  "recurrent-step": async () => (await import("./recurrent-step.ts")).recurrentStep,
  "sequence-length": async () => (await import("./sequence-length.ts")).sequenceLength,
  "chat-latency": async () => (await import("./chat-latency.ts")).chatLatency,
  serve: async () => (await import("./serve.ts")).serve,
  decode: async () => (await import("./decode.ts")).decodeSpeed,
  memory: async () => (await import("./memory.ts")).memory,
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined || name === "--help" || name === "-h") await list();
else process.exitCode = await run(name, args);

async function list(): Promise<void> {
  for (const [known, load] of Object.entries(BENCHMARKS)) {
    const { summary, usage } = await load();
    console.error(`${known}: ${summary}\n${usage.trimEnd().replace(/^/gm, "    ")}\n`);
  }
}

async function run(name: string, args: readonly string[]): Promise<number> {
  if (!Object.hasOwn(BENCHMARKS, name)) {
    return complain(`there is no benchmark ${name}; there are ${Object.keys(BENCHMARKS).join(", ")}`, 2);
  }
  const benchmark = await BENCHMARKS[name]();
  const wrong = wrongUse(benchmark, args);
  if (wrong !== undefined) return complain(`${name}: ${wrong}`, 2);
  const before = machine();
  try {
    const figures = await benchmark.run(args);
    const result = { benchmark: name, date: new Date().toISOString(), machine: before, ...figures };
    console.log(JSON.stringify(result, (_, value) => (typeof value === "number" ? rounded(value) : value), 2));
    return 0;
  } catch (error) {
    return complain(`${name}: ${error instanceof Error ? error.message : error}`, 1);
  }
}

/** What is wrong with the options of a benchmark, by its usage: `--threads N  default: all cores`. */
function wrongUse({ usage }: Benchmark, args: readonly string[]): string | undefined {
  const known = [...usage.matchAll(/^--(\S+) (\S+)(.*)$/gm)].map(([, option, kind, text]) => ({ option, kind, text }));
  const options = Object.fromEntries(known.map(({ option }) => [option, { type: "string" as const }]));
  let values: Record<string, string | undefined>;
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  for (const { option, kind, text } of known) {
    const value = values[option];
    if (value === undefined && !text.includes("default: ")) return `give --${option} ${kind}`;
    if (value !== undefined && kind === "N" && !/^[1-9]\d*$/.test(value)) {
      return `--${option} must be a whole number from 1, not ${value}`;
    }
    if (value !== undefined && kind === "N,…" && !/^[1-9]\d*(,[1-9]\d*)*$/.test(value)) {
      return `--${option} must be whole numbers from 1, such as 30,60, not ${value}`;
    }
  }
  return undefined;
}

function complain(problem: string, code: number): number {
  console.error(`bench: ${problem.replaceAll("\n", " ")}`);
  return code;
}

/** Five digits say enough. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
