import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Libraries that the training step is timed against; see peers/README.md. */
export const PEERS: readonly string[] = ["pytorch", "tensorflow", "jax"];

/** What a peer reads: the model, the optimizer and the batches as rows of token ids, padded with 0. */
export interface PeerInput {
  readonly model: {
    readonly numLayers: number;
    readonly dModel: number;
    readonly numHeads: number;
    readonly dFeedForward: number;
    readonly dropout: number;
    readonly vocabularySize: number;
    readonly labelSmoothing: number;
  };
  readonly adam: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  readonly learningRate: number;
  readonly warmup: number;
  readonly batches: readonly { readonly source: number[][]; readonly target: number[][] }[];
}

/** What a peer answers. */
export interface PeerAnswer {
  readonly peer: string;
  readonly version?: string;
  readonly backend?: string;
  readonly threads?: number;
  readonly parameters?: number;
  /** Without the warm-up. */
  readonly secondsPerStep?: readonly number[];
  readonly losses?: readonly number[];
  /** How many processes took a part of the batches each, where one could not take all. */
  readonly processes?: number;
  /** Why it cannot run here. */
  readonly unavailable?: string;
}

/** A way to start a peer. */
export interface PeerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What tells it from the others of the same peer. */
  readonly variant?: string;
  /** The most batches that one process takes; it then warms up by itself. */
  readonly batchesAtOnce?: number;
}

/**
 * The ways to start a peer on this machine: for PyTorch one for each interpreter that has it and each OpenBLAS.
 *
 * @param prefix of its program's name, which tells what is measured
 */
export async function peerCommands(peer: string, prefix = ""): Promise<PeerCommand[]> {
  const script = (name: string) => fileURLToPath(new URL(`peers/${prefix}${name}`, import.meta.url));
  if (peer !== "pytorch") {
    // jax-js runs every shape before the clock starts, and with more than about six of them its memory of 4 GiB is full.
    const limit = peer === "jax" ? { batchesAtOnce: 5 } : {};
    return [{ command: process.execPath, args: [script(`${peer}.mjs`)], ...limit }];
  }
  const commands = new Map<string, PeerCommand[]>();
  for (const python of ["/usr/bin/python3", "python3"]) {
    const probe = "import sys, torch; print(sys.executable, torch.backends.mkl.is_available())";
    const { output } = await execute(python, ["-c", probe]);
    const [executable, mkl] = output.trim().split(" ");
    if (mkl === undefined || commands.has(executable)) continue;
    const libraries = mkl === "True" ? [] : openBlasFolders();
    const args = [script("pytorch.py")];
    const variants = libraries.map((folder) => ({
      command: executable,
      args,
      env: { LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH ?? ""].filter(Boolean).join(delimiter) },
      variant: basename(folder),
    }));
    commands.set(executable, variants.length > 0 ? variants : [{ command: executable, args }]);
  }
  return [...commands.values()].flat();
}

/** Runs a peer over the batches. */
export async function runPeer(peer: string, command: PeerCommand, input: PeerInput): Promise<PeerAnswer> {
  const { batchesAtOnce } = command;
  if (batchesAtOnce === undefined) return runProcess(peer, command, input);
  const timed = input.batches.slice(input.warmup);
  const answers: PeerAnswer[] = [];
  for (let start = 0; start < timed.length; start += batchesAtOnce) {
    const batches = timed.slice(start, start + batchesAtOnce);
    const answer = await runProcess(peer, command, { ...input, warmup: 0, batches });
    if (answer.unavailable !== undefined) return answer;
    answers.push(answer);
  }
  return {
    ...answers[0],
    secondsPerStep: answers.flatMap(({ secondsPerStep = [] }) => secondsPerStep),
    losses: answers.flatMap(({ losses = [] }) => losses),
    processes: answers.length,
  };
}

async function runProcess(peer: string, { command, args, env }: PeerCommand, input: PeerInput): Promise<PeerAnswer> {
  const folder = mkdtempSync(join(tmpdir(), "jumok-bench-"));
  try {
    const file = join(folder, "batches.json");
    writeFileSync(file, JSON.stringify(input));
    const { output, problem } = await execute(command, [...args, file], env);
    const line = output.trim().split("\n").pop();
    return line?.startsWith("{") ? (JSON.parse(line) as PeerAnswer) : { peer, unavailable: problem ?? "no answer" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where Debian keeps the builds of OpenBLAS, each in a folder with a libblas of its own. */
function openBlasFolders(): string[] {
  const libraries = "/usr/lib";
  if (process.platform !== "linux" || !existsSync(libraries)) return [];
  const folders = readdirSync(libraries)
    .filter((name) => name.endsWith("-linux-gnu"))
    .flatMap((name) => readdirSync(join(libraries, name)).map((inner) => join(libraries, name, inner)));
  return folders.filter((folder) => /openblas-/.test(basename(folder)) && existsSync(join(folder, "libblas.so.3")));
}

function execute(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ output: string; problem?: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 28 };
    execFile(command, args, options, (error, output, complaints) => {
      const last = complaints.trim().split("\n").pop();
      resolve(error === null ? { output } : { output, problem: last || error.message });
    });
  });
}
