/**
 * Does a training that was killed end where one that never was ends? Trains a small model through the command line, then
 * again and again in other folders: each time the process is killed (SIGKILL) at a random moment of its training and the
 * run is resumed until it is finished. The SHA-256 of every `model.safetensors` must be that of the run never killed.
 *
 *     npx tsx scripts/kill-and-resume.ts [--kills 20] [--chains 3] [--seed 1] [--data FILE] [--rows N] [--epochs N]
 *         [--model transformer|recurrent|classifier] [--entry dist|src]
 *
 * `--kills` runs are killed once each, `--chains` more up to five times each. How often checkpoints are written goes by
 * turns: after every step, every 0.3 s, every second, after epochs only. Prints a table; exit code 1 if a file differs.
 * Leave the sources and dist/ alone meanwhile: every process reads them anew.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Random } from "../src/random/random.ts";
import { type CommandLine, commandLine } from "./command-line.ts";

export interface KillOptions {
  readonly data: string;
  /** Flags of `jumok train`: a small and quick training. */
  readonly flags: readonly string[];
  /** Runs that are killed once. */
  readonly kills: number;
  /** Runs that are killed several times, and how often at most. */
  readonly chains: number;
  readonly killsOfChain?: number;
  /** Seconds between checkpoints, by turns. */
  readonly intervals?: readonly number[];
  readonly seed: number;
  readonly entry?: CommandLine;
}

/** A run that was killed and resumed until it was finished. */
export interface KilledRun {
  readonly checkpointSeconds: number;
  readonly kills: readonly Kill[];
  readonly sha256: string;
  /** Whether the weights are those of the run never killed. */
  readonly same: boolean;
}

interface Kill {
  readonly milliseconds: number;
  /** The last step that was told; 0 before the first. */
  readonly step: number;
  /** The step that the resumed process went on from; unknown if it was killed before it told. */
  readonly resumedAt?: number;
}

/** A run that nobody killed. */
export interface WholeRun {
  readonly milliseconds: number;
  /** From the start of the process to the first step. */
  readonly millisecondsBefore: number;
  readonly steps: number;
  readonly sha256: string;
}

/** After every step, and after epochs only, as no run here takes an hour. */
const [EVERY_STEP, NEVER] = [0.001, 3600];

/**
 * Kills and resumes trainings, one after the other.
 *
 * @returns first the run never killed, then each killed run as it is finished
 */
export async function* killAndResume(options: KillOptions): AsyncGenerator<WholeRun | KilledRun, void> {
  const { intervals = [EVERY_STEP, 0.3, 1, NEVER], killsOfChain = 5 } = options;
  const folder = await mkdtemp(join(tmpdir(), "jumok-kill-"));
  try {
    const out = join(folder, "whole");
    const { milliseconds, millisecondsBefore, step, exitCode, complaints } = await runTraining(options, out, NEVER);
    if (exitCode !== 0) throw new Error(`the training failed: ${complaints}`);
    const sha256 = await sha256Of(out);
    yield { milliseconds, millisecondsBefore, steps: step, sha256 };
    const random = Random.of(options.seed, "kills");
    const nextKill = () => millisecondsBefore + random.uniform() * (milliseconds - millisecondsBefore);
    for (let run = 0; run < options.kills + options.chains; run++) {
      const out = join(folder, `run ${run}`);
      const checkpointSeconds = intervals[run % intervals.length];
      const most = run < options.kills ? 1 : killsOfChain;
      const kills = await killUntilFinished(options, out, checkpointSeconds, nextKill, most);
      const found = await sha256Of(out);
      yield { checkpointSeconds, kills, sha256: found, same: found === sha256 };
      await rm(out, { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts, kills after a random time, resumes; a run that finishes before its first kill is started anew. */
async function killUntilFinished(
  options: KillOptions,
  out: string,
  checkpointSeconds: number,
  nextKill: () => number,
  most: number,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (;;) {
    const killAfter = kills.length < most ? nextKill() : undefined;
    const again = kills.length > 0 ? ["--resume"] : ["--overwrite"];
    const result = await runTraining(options, out, checkpointSeconds, again, killAfter);
    if (kills.length > 0) kills.push({ ...kills.pop()!, resumedAt: result.resumedAt });
    if (result.killed) kills.push({ milliseconds: result.milliseconds, step: result.step });
    else if (result.exitCode !== 0) throw new Error(`the resumed training failed: ${result.complaints}`);
    else if (kills.length > 0) return kills;
  }
}

interface Result {
  readonly milliseconds: number;
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly complaints: string;
  readonly millisecondsBefore: number;
  /** The step this process began after, if it came so far. */
  readonly resumedAt?: number;
  /** The last step it told. */
  readonly step: number;
}

async function runTraining(
  { data, flags, entry }: KillOptions,
  out: string,
  checkpointSeconds: number,
  more: readonly string[] = [],
  killAfter?: number,
): Promise<Result> {
  const words = ["train", data, "--out", out, ...flags, "--checkpoint-seconds", String(checkpointSeconds), "--json"];
  const began = performance.now();
  const child = spawn(process.execPath, [...commandLine(entry), ...words, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on("exit", (exitCode, signal) => resolve([exitCode, signal]));
  });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  let resumedAt: number | undefined;
  let millisecondsBefore = 0;
  let step = 0;
  for await (const line of createInterface(child.stdout)) {
    // The last line of a killed process may be cut off.
    if (!line.endsWith("}")) continue;
    const event = JSON.parse(line) as { type: string; step: number; resumedAt: number; message: string };
    if (event.type === "start") {
      resumedAt = event.resumedAt;
      step = event.resumedAt;
      millisecondsBefore = performance.now() - began;
    }
    if (event.type === "step") step = event.step;
    if (event.type === "error") complaints = event.message;
  }
  const [exitCode, signal] = await ended;
  clearTimeout(timer);
  const milliseconds = performance.now() - began;
  const killed = signal === "SIGKILL";
  return { milliseconds, millisecondsBefore, killed, exitCode, complaints, resumedAt, step };
}

async function sha256Of(folder: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(folder, "model.safetensors")))
    .digest("hex");
}

/** The first pairs of a file with a header, as a file of their own. */
async function firstRows(file: string, rows: number, to: string): Promise<void> {
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(to, `${lines.slice(0, rows + 1).join("\n")}\n`);
}

const COMMON = ["--vocabulary-size", "600", "--valid-fraction", "0.1", "--warmup-steps", "20"];

/**
 * Small trainings that have everything a checkpoint must bring back: dropout, slips, validation with a best step, sums of
 * several batches.
 */
export const SMALL_TRAININGS = {
  transformer: [
    ...["--preset", "small", "--num-layers", "1", "--d-model", "64", "--num-heads", "4", "--d-feed-forward", "128"],
    ...["--batch-size", "32", ...COMMON],
  ],
  recurrent: [
    ...["--preset", "small", "--model", "recurrent", "--cell", "lstm", "--attention", "bahdanau", "--num-layers", "2"],
    ...["--d-model", "32", "--batch-size", "32", ...COMMON],
  ],
  classifier: [
    ...["--task", "classify", "--preset", "reviews", "--num-layers", "2", "--d-model", "16", "--hidden-size", "12"],
    ...["--batch-size", "16", "--accumulate", "2", "--keep-weights", "best", ...COMMON],
  ],
} as const satisfies Record<string, readonly string[]>;

const DATA = { transformer: "small-talk.ko.tsv", recurrent: "small-talk.ko.tsv", classifier: "reviews.ko.tsv" };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "20" },
      chains: { type: "string", default: "3" },
      seed: { type: "string", default: "1" },
      data: { type: "string" },
      model: { type: "string", default: "transformer" },
      rows: { type: "string", default: "600" },
      epochs: { type: "string", default: "24" },
      entry: { type: "string" },
    },
  });
  const model = values.model as keyof typeof SMALL_TRAININGS;
  if (!(model in SMALL_TRAININGS)) {
    throw new Error(`--model must be one of ${Object.keys(SMALL_TRAININGS).join(", ")}, not ${model}`);
  }
  const file = values.data ?? fileURLToPath(new URL(`../data/${DATA[model]}`, import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "jumok-kill-"));
  const data = join(folder, "rows.tsv");
  await firstRows(file, Number(values.rows), data);
  const row = (...cells: (string | number)[]) => console.log(cells.map((cell) => String(cell).padStart(11)).join(" "));
  let runs = 0;
  let different = 0;
  try {
    const results = killAndResume({
      data,
      flags: [...SMALL_TRAININGS[model], "--epochs", values.epochs],
      kills: Number(values.kills),
      chains: Number(values.chains),
      seed: Number(values.seed),
      entry: values.entry as CommandLine | undefined,
    });
    for await (const result of results) {
      if (!("kills" in result)) {
        console.log(
          `never killed: ${result.steps} steps in ${inSeconds(result.milliseconds)}, SHA-256 ${result.sha256}\n`,
        );
        row("run", "checkpoints", "killed at", "at step", "resumed at", "SHA-256", "");
        continue;
      }
      runs++;
      if (!result.same) different++;
      result.kills.forEach(({ milliseconds, step, resumedAt }, i) => {
        const begins = i === 0 ? [runs, described(result.checkpointSeconds)] : ["", ""];
        const last = i === result.kills.length - 1;
        const ends = last ? [result.sha256.slice(0, 10), result.same ? "same" : "DIFFERENT"] : ["", ""];
        row(...begins, inSeconds(milliseconds), step, resumedAt ?? "–", ...ends);
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`\n${runs} runs, ${different} with other weights than the run never killed`);
  process.exitCode = different === 0 ? 0 : 1;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function described(checkpointSeconds: number): string {
  return checkpointSeconds === EVERY_STEP ? "steps" : checkpointSeconds === NEVER ? "epochs" : `${checkpointSeconds} s`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
