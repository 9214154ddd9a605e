/**
 * Does a training that was killed end where one that never was ends? Trains a small model through the command line, then
 * again and again in other folders: each time the process is killed (SIGKILL) at a random moment and the run is resumed
 * until it is finished. The SHA-256 of every `model.safetensors` must be that of the run never killed.
 *
 *     npx tsx scripts/kill-and-resume.ts [--kills 20] [--chains 3] [--seed 1] [--data FILE] [--epochs N] [--entry dist|src]
 *
 * `--kills` runs are killed once each; `--chains` more are killed up to five times each. How often checkpoints are written
 * goes by turns: after every step, every 0.3 s, every second, after epochs only. Prints a table; exit code 1 if a file differs.
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
  /** Runs that are killed several times. */
  readonly chains: number;
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
  /** The step that the resumed process went on from. */
  readonly resumedAt: number;
}

/** Seconds between checkpoints; the last is longer than any run here. */
const INTERVALS = [0.001, 0.3, 1, 3600];
const CHAIN = 5;

/**
 * Kills and resumes trainings, one after the other.
 *
 * @returns first what the run never killed took and gave, then each killed run as it is finished
 */
export async function* killAndResume(
  options: KillOptions,
): AsyncGenerator<{ milliseconds: number; steps: number; sha256: string } | KilledRun, void> {
  const folder = await mkdtemp(join(tmpdir(), "jumok-kill-"));
  try {
    const whole = await runTraining(options, join(folder, "whole"), INTERVALS[3]);
    if (whole.exitCode !== 0) throw new Error(`the training failed: ${whole.complaints}`);
    const sha256 = await sha256Of(join(folder, "whole"));
    yield { milliseconds: whole.milliseconds, steps: whole.step, sha256 };
    const random = Random.of(options.seed, "kills");
    for (let run = 0; run < options.kills + options.chains; run++) {
      const most = run < options.kills ? 1 : CHAIN;
      const out = join(folder, `run ${run}`);
      const checkpointSeconds = INTERVALS[run % INTERVALS.length];
      const kills = await killUntilFinished(
        options,
        out,
        checkpointSeconds,
        () => random.uniform() * whole.milliseconds,
        most,
      );
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
  const kills: { milliseconds: number; step: number; resumedAt: number }[] = [];
  for (;;) {
    const milliseconds = kills.length < most ? nextKill() : undefined;
    const again = kills.length > 0 ? ["--resume"] : ["--overwrite"];
    const result = await runTraining(options, out, checkpointSeconds, again, milliseconds);
    if (result.started !== undefined && kills.length > 0) kills[kills.length - 1].resumedAt = result.started;
    if (result.killed) kills.push({ milliseconds: result.milliseconds, step: result.step, resumedAt: 0 });
    else if (result.exitCode !== 0) throw new Error(`the resumed training failed: ${result.complaints}`);
    else if (kills.length > 0) return kills;
  }
}

interface Result {
  readonly milliseconds: number;
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly complaints: string;
  /** The step this process began at, if it came so far. */
  readonly started?: number;
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
  let started: number | undefined;
  let step = 0;
  for await (const line of createInterface(child.stdout)) {
    // The last line of a killed process may be cut off.
    if (!line.endsWith("}")) continue;
    const event = JSON.parse(line) as { type: string; step: number; resumedAt: number; message: string };
    if (event.type === "start") started = step = event.resumedAt;
    if (event.type === "step") step = event.step;
    if (event.type === "error") complaints = event.message;
  }
  const [exitCode, signal] = await ended;
  clearTimeout(timer);
  const milliseconds = performance.now() - began;
  return { milliseconds, killed: signal === "SIGKILL", exitCode, complaints, started, step };
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

/** A small training that has everything a checkpoint must bring back: dropout, slips, validation with a best step. */
export const SMALL_TRAINING = [
  ...["--preset", "small", "--num-layers", "1", "--d-model", "64", "--num-heads", "4", "--d-feed-forward", "128"],
  ...["--vocabulary-size", "600", "--batch-size", "32", "--valid-fraction", "0.1", "--warmup-steps", "20"],
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "20" },
      chains: { type: "string", default: "3" },
      seed: { type: "string", default: "1" },
      data: { type: "string", default: fileURLToPath(new URL("../data/small-talk.ko.tsv", import.meta.url)) },
      rows: { type: "string", default: "600" },
      epochs: { type: "string", default: "12" },
      entry: { type: "string" },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), "jumok-kill-"));
  const data = join(folder, "pairs.tsv");
  await firstRows(values.data, Number(values.rows), data);
  const row = (...cells: (string | number)[]) =>
    console.log(cells.map((cell, i) => String(cell).padStart(i === 3 ? 14 : 11)).join(" "));
  let different = 0;
  let run = 0;
  try {
    const runs = killAndResume({
      data,
      flags: [...SMALL_TRAINING, "--epochs", values.epochs],
      kills: Number(values.kills),
      chains: Number(values.chains),
      seed: Number(values.seed),
      entry: values.entry as CommandLine | undefined,
    });
    for await (const result of runs) {
      if (!("kills" in result)) {
        const { milliseconds, steps, sha256 } = result;
        console.log(`never killed: ${steps} steps in ${(milliseconds / 1000).toFixed(1)} s, SHA-256 ${sha256}\n`);
        row("run", "checkpoint", "killed at s", "at step", "resumed at", "SHA-256", "");
        continue;
      }
      run++;
      if (!result.same) different++;
      const every =
        result.checkpointSeconds > 1000
          ? "epochs"
          : result.checkpointSeconds < 0.01
            ? "steps"
            : `${result.checkpointSeconds} s`;
      result.kills.forEach(({ milliseconds, step, resumedAt }, i) => {
        const last = i === result.kills.length - 1;
        row(
          i === 0 ? run : "",
          i === 0 ? every : "",
          (milliseconds / 1000).toFixed(2),
          step,
          resumedAt,
          last ? result.sha256.slice(0, 10) : "",
          last ? (result.same ? "same" : "DIFFERENT") : "",
        );
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`\n${run} runs, ${different} with other weights than the run never killed`);
  process.exitCode = different === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
