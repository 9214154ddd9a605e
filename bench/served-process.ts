import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { commandLine } from "../scripts/command-line.ts";

/** What a server has counted since it began. */
export interface Counted {
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** Tokens of answers, and the steps that wrote them, each one in every row. */
  readonly tokens: number;
  readonly steps: number;
}

/** A server in a process of its own. */
export class ServedProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcess, { url, ended }: { url: string; ended: Promise<void> }) {
    this.#child = child;
    this.url = url;
    this.#ended = ended;
  }

  /**
   * Runs `jumok serve` with these words, and waits until it answers.
   *
   * @throws when it ends instead; it has said why on standard error
   */
  static async start(words: readonly string[]): Promise<ServedProcess> {
    const child = spawn(process.execPath, [...commandLine(), "serve", ...words, "--port", "0", "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    for await (const line of createInterface(child.stdout)) {
      const { type, url } = JSON.parse(line) as { type: string; url: string };
      if (type === "ready") return new ServedProcess(child, { url, ended });
    }
    throw new Error(`jumok serve ${words.join(" ")} did not start`);
  }

  async counted(): Promise<Counted> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    const metric = (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(page)?.[1]);
    return {
      cpuSeconds: metric("process_cpu_user_seconds_total") + metric("process_cpu_system_seconds_total"),
      residentMiB: metric("process_resident_memory_bytes") / 2 ** 20,
      tokens: metric('jumok_tokens_total\\{direction="written"\\}'),
      steps: metric("jumok_steps_total"),
    };
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}
