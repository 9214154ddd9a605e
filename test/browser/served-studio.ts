import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { at, jumok, start, write } from "../cli/command.ts";

const PAIRS = [
  "오늘 너무 피곤해,푹 쉬고 내일 만나요.",
  "내일 뭐 하지?,날씨가 좋으면 산책을 가요.",
  "커피 마시고 싶다,따뜻한 커피 한 잔 어때요?",
  "시험이 걱정돼,차근차근 준비하면 괜찮을 거예요.",
  "심심한데 뭐 할까?,좋아하는 영화를 한 편 보세요.",
  "안녕,반가워요. 오늘은 어떤 하루였나요?",
  "배가 고파,맛있는 밥을 먹으러 가요.",
  "비가 와,우산을 꼭 챙기세요.",
  "잠이 안 와,따뜻한 우유를 마셔 보세요.",
  "기분이 좋아,저도 덩달아 기분이 좋아요.",
];

/** Trains a model until it knows ten answers by heart, and returns its folder. */
export async function trainTalker(name: string, ...flags: string[]): Promise<string> {
  const data = write(`${name}.csv`, `Q,A\n${Array.from({ length: 40 }, () => PAIRS.join("\n")).join("\n")}\n`);
  const outcome = await jumok([
    ...["train", data, "--out", at(name), "--num-layers", "2", "--d-model", "48", "--vocabulary-size", "500"],
    ...["--batch-size", "16", "--dropout", "0", "--warmup-steps", "30", "--learning-rate", "0.005", "--seed", "1"],
    ...["--epochs", "4", "--threads", "1", ...flags],
  ]);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  return at(name);
}

const children: ChildProcessWithoutNullStreams[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

export interface ServedStudio {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** Runs `jumok serve` until it says that it answers. */
export async function serveStudio(folder: string, port = "0", ...flags: string[]): Promise<ServedStudio> {
  const child = start(["serve", folder, "--port", port, "--workers", "1", "--threads", "1", ...flags]);
  children.push(child);
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (done) throw new Error(`the server ended: ${told}`);
  const over = once(child, "close");
  return {
    url: /http:\/\/[\d.:]+/.exec(value)?.[0] ?? "",
    stop: () => {
      child.kill("SIGKILL");
      return over;
    },
  };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds to be wrong with what a page shows, serious or not, each with its places. */
export async function axeFindings(page: Page): Promise<string[]> {
  // As an expression, since the policy of the page forbids scripts that are put into it.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe-core puts itself into the window
    const { violations } = await (window as any).axe.run(document, { resultTypes: ["violations"] });
    return violations.map(
      ({ id, impact, nodes }: { id: string; impact: string; nodes: { html: string }[] }) =>
        `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    );
  });
}
