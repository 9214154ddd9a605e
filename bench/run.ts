/**
 * Runs a benchmark: `npm run --silent bench -- NAME [options]`. Figures go to stdout as JSON, progress to stderr.
 * Without a name it lists the benchmarks.
 */
import type { Benchmark } from "./benchmark.ts";
import { machine } from "./machine.ts";

const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  "train-step": async () => (await import("./train-step.ts")).trainStep,
  "chat-latency": async () => (await import("./chat-latency.ts")).chatLatency,
  memory: async () => (await import("./memory.ts")).memory,
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !(name in BENCHMARKS)) {
  if (name !== undefined && !name.startsWith("-")) console.error(`bench: there is no benchmark ${name}\n`);
  for (const [known, load] of Object.entries(BENCHMARKS)) {
    const { summary, usage } = await load();
    console.error(`${known}: ${summary}\n${usage.trimEnd().replace(/^/gm, "    ")}\n`);
  }
  process.exit(name === undefined || name.startsWith("-") ? 0 : 2);
}
const before = machine();
try {
  const figures = await (await BENCHMARKS[name]()).run(args);
  const result = { benchmark: name, date: new Date().toISOString(), machine: before, ...figures };
  console.log(JSON.stringify(result, (_, value) => (typeof value === "number" ? rounded(value) : value), 2));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** Five digits say enough. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
