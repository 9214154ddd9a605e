import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PeerCommand } from "./peer-process.ts";

/** How long a peer may take for one step, or to get ready. */
const LIMIT_SECONDS = 60;

/** What a peer says of itself when it is ready. */
export interface PeerIntroduction {
  readonly peer: string;
  readonly version?: string;
  readonly backend?: string;
  readonly threads?: number;
  readonly parameters?: number;
  /** Why it cannot run here. */
  readonly unavailable?: string;
}

/** What a peer answers for a turn. */
export interface PeerTurn {
  readonly secondsPerStep: readonly number[];
}

/**
 * A peer that stays alive and takes turns: it reads its task as JSON from the command line, answers a line when it is
 * ready, and then for every number that it is told a line with the seconds of each step that it made. The number says for
 * how many seconds, or which turn it is.
 */
export class LivePeer {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  #lastWords = "";

  private constructor({ command, args, env }: PeerCommand, task: object) {
    // Where it keeps what it needs for a while: it may be stopped at any moment.
    const folder = mkdtempSync(join(tmpdir(), "jumok-bench-"));
    const child = spawn(command, [...args, JSON.stringify(task)], {
      env: { ...process.env, TMPDIR: folder, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => {}); // it has ended, which the next answer tells
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000);
    });
    this.#child = child;
    this.#answers = jsonLines(child.stdout);
    this.#ended = new Promise((resolve) => {
      const end = () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      };
      child.on("close", end).on("error", end);
    });
  }

  /** Starts a peer; one that cannot run says so in its introduction. */
  static async start(
    peer: string,
    command: PeerCommand,
    task: object,
  ): Promise<{ live: LivePeer; introduction: PeerIntroduction }> {
    const live = new LivePeer(command, task);
    try {
      return { live, introduction: (await live.#answer()) as PeerIntroduction };
    } catch (error) {
      return { live, introduction: { peer, unavailable: (error as Error).message } };
    }
  }

  /**
   * What it answers to a number: `secondsPerStep` and perhaps more.
   *
   * @throws when it cannot take this turn
   */
  async turn(number: number): Promise<PeerTurn> {
    this.#child.stdin?.write(`${number}\n`);
    const answer = (await this.#answer()) as PeerTurn & { unavailable?: string };
    if (answer.secondsPerStep === undefined) throw new Error(answer.unavailable ?? "it told no seconds");
    return answer;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #answer(): Promise<object> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`more than ${LIMIT_SECONDS} s for a step`)), LIMIT_SECONDS * 1000);
    });
    try {
      const { done, value } = await Promise.race([this.#answers.next(), late]);
      if (done !== true) return JSON.parse(value) as object;
      await this.#ended;
      throw new Error(this.#lastWords.trim().split("\n").pop() || "it ended without an answer");
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Lines that are JSON objects; libraries greet on others. */
async function* jsonLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface(stream)) if (line.startsWith("{")) yield line;
}
