import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { commandLine } from "../scripts/command-line.ts";
import { type Benchmark, progress } from "./benchmark.ts";

/** Memory of `jumok train`, at its peak and after each epoch. Linux only: it is read from /proc. */
export const memory: Benchmark = {
  summary: "memory of a training through the command line, at its peak and after each epoch (Linux)",
  usage: `--data FILE     pairs
--preset NAME   default: notes-chatbot
--epochs N      default: 5`,
  run,
};

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string" },
      preset: { type: "string", default: "notes-chatbot" },
      epochs: { type: "string", default: "5" },
    },
  });
  if (values.data === undefined) throw new Error("give --data FILE");
  const out = await mkdtemp(join(tmpdir(), "jumok-bench-"));
  const entry = commandLine();
  const flags = ["--out", out, "--preset", values.preset, "--epochs", values.epochs, "--overwrite", "--json"];
  try {
    const child = spawn(process.execPath, [...entry, "train", values.data, ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    const epochs: { epoch: number; residentMiB: number; seconds: number }[] = [];
    let peak = 0;
    for await (const line of createInterface(child.stdout)) {
      const event = JSON.parse(line) as { type: string; epoch: number; seconds: number };
      if (!["epoch", "checkpoint", "saved"].includes(event.type)) continue;
      const { resident, highest } = await memoryOf(child.pid!);
      peak = Math.max(peak, highest);
      if (event.type !== "epoch") continue;
      epochs.push({ epoch: event.epoch, residentMiB: resident, seconds: event.seconds });
      progress(`epoch ${event.epoch}: ${resident.toFixed(0)} MiB now, ${highest.toFixed(0)} MiB at most`);
    }
    const code = await ended;
    if (code !== 0) throw new Error(`the training ended with exit code ${code}`);
    return { data: values.data, preset: values.preset, entry: entry.at(-1), peakMiB: peak, epochs };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Resident memory of a process and the most it had, in MiB; zeros if it is gone already. */
async function memoryOf(pid: number): Promise<{ resident: number; highest: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = (key: string) => Number(new RegExp(`^${key}:\\s*(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
  return { resident: kib("VmRSS") / 1024, highest: kib("VmHWM") / 1024 };
}
