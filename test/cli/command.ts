import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "jumok-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The path of something in the folder of this test file, which is removed when its tests are over. */
export function at(...names: string[]): string {
  return join(folder, ...names);
}

export function write(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Conditions {
  /** Standard input. */
  readonly input?: string;
  /** Sends a signal as soon as this was printed. */
  readonly stopAt?: { readonly printed: string; readonly signal: NodeJS.Signals };
  readonly program?: string;
}

/** Starts the real command, `jumok` with these words, in the folder of the test file. */
export function start(words: readonly string[], program = "src/cli/main.ts"): ChildProcessWithoutNullStreams {
  const loaders = ["node_modules/tsx/dist/loader.mjs", "scripts/typescript-in-threads.mjs"];
  const flags = loaders.flatMap((loader) => ["--import", join(root, loader)]);
  return spawn(process.execPath, [...flags, join(root, program), ...words], {
    cwd: folder,
    env: { ...process.env, JUMOK_DEBUG: "" },
  });
}

/** Runs the real command to its end. */
export function jumok(words: readonly string[], conditions: Conditions = {}): Promise<Outcome> {
  const { input = "", stopAt, program } = conditions;
  const child = start(words, program);
  let [stdout, stderr, stopped] = ["", "", false];
  const stopWhenPrinted = () => {
    if (stopAt === undefined || stopped || !`${stdout}${stderr}`.includes(stopAt.printed)) return;
    stopped = true;
    child.kill(stopAt.signal);
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    stopWhenPrinted();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    stopWhenPrinted();
  });
  child.stdin.on("error", () => {}).end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Fails unless the command ended with this code and told one thing, this, in one line. */
export function expectComplaint({ code, stderr }: Outcome, expected: { code: number; message: RegExp }): void {
  const complaints = stderr.split("\n").filter((line) => line.startsWith("jumok: "));
  expect({ code, complaints: complaints.length, stack: /^\s+at /m.test(stderr) }, stderr).toEqual({
    code: expected.code,
    complaints: 1,
    stack: false,
  });
  expect(complaints[0]).toMatch(expected.message);
}

/** The JSON objects that standard output has, one a line. */
// biome-ignore lint/suspicious/noExplicitAny: whatever was printed
export function jsonLines({ stdout }: Outcome): any[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

export function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

const SUBJECTS = ["영화", "커피", "산책", "음악", "저녁", "여행", "독서", "운동", "날씨", "주말", "친구", "고양이"];
const VERBS: [asked: string, answered: string][] = [
  ["볼래?", "이야기라면 언제나 좋아요."],
  ["어때?", "생각만 해도 즐거워요."],
  ["좋아해?", "없이는 못 살아요."],
  ["싫어", "마음을 이해해요."],
  ["같이 하자", "약속 꼭 지킬게요."],
];

/** Sixty pairs as CSV. */
export const PAIRS = `Q,A\n${SUBJECTS.flatMap((subject) =>
  VERBS.map(([asked, answered]) => `${subject} ${asked},${subject} ${answered}\n`),
).join("")}`;

/** Flags of a model that trains in a moment. */
export const TINY = [
  ...["--num-layers", "1", "--d-model", "16", "--num-heads", "2", "--d-feed-forward", "32"],
  ...["--vocabulary-size", "512", "--warmup-steps", "10", "--epochs", "2", "--threads", "1"],
];
