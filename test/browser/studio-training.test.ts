import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { USUAL_LIMITS } from "../../src/server/limits.ts";
import { type RunningServer, startServer } from "../../src/server/serve.ts";
import { studioPage } from "../../src/server/studio-page.ts";
import { allowedFiles } from "../../src/server/training-files.ts";
import { trainFolder } from "../../src/training/run.ts";
import { runOptions } from "../../src/training/run-options.ts";
import type { Seq2SeqOptions } from "../../src/training/seq2seq-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { builtStudio } from "./built-studio.ts";
import { describeInChromium, launch, watchedPage } from "./chromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "jumok-studio-training-"));
const PATIENCE = 400_000;

const ANIMALS = ["고양이", "강아지", "토끼", "여우", "곰", "사슴", "다람쥐", "오리"];
const DOES = ["잔다", "먹는다", "뛴다", "운다", "논다"];
const data = join(folder, "animals.csv");
writeFileSync(data, `Q,A\n${ANIMALS.flatMap((a) => DOES.map((b) => `${a} ${b}?,${b} ${a}\n`)).join("")}`);
const OPTIONS = {
  ...{ dModel: 16, numLayers: 1, numHeads: 2, dFeedForward: 16, tokenizer: "word", vocabularySize: 64, dropout: 0.1 },
  ...{ batchSize: 2, epochs: 50, warmupSteps: 10, learningRate: 0.01, validFraction: 0.1 },
} as const satisfies Partial<Seq2SeqOptions>;

describeInChromium("the Training view in Chromium", () => {
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];
  let strangers: readonly string[];
  const shown = () => page.locator(".run-line").innerText();
  const stepShown = async () => Number(/([\d,]+) \/ [\d,]+/.exec(await shown())?.[1].replaceAll(",", ""));

  beforeAll(async () => {
    builtStudio();
    const built = await studioPage();
    server = await startServer({
      ...{ folder: join(folder, "studio"), name: "studio", host: "127.0.0.1", port: 0, origins: [] },
      ...{ workers: 1, threads: 1, limits: USUAL_LIMITS, page: built!, tell: () => {} },
      training: { commands: true, files: await allowedFiles([data]), threads: 1 },
    });
    browser = await launch();
    const watched = await watchedPage(browser, server.url, { viewport: { width: 1440, height: 900 }, locale: "ko" });
    ({ page, complaints, strangers } = watched);
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await server?.drain(0.1);
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    "starts a run, stops it, is closed, goes on with it, and shows it to its end",
    async () => {
      await page.goto(`${server.url}/#train`);
      await page.getByText("새로 학습을 눌러 시작하거나").waitFor();
      await page.getByRole("button", { name: "새로 학습" }).click();
      await page.getByLabel("파일").selectOption({ label: "animals.csv" });
      await page.getByRole("combobox", { name: "설정" }).selectOption("notes-chatbot");
      await page.getByLabel("공식 학습률의 배수").waitFor();
      await page.getByRole("combobox", { name: "설정" }).selectOption("small");
      await page.getByLabel("에포크").fill("20");
      await page.getByLabel("학습률", { exact: true }).fill("0.005");
      let chosen: unknown;
      // The presets are for larger data; the test asks for a smaller model by the same call.
      await page.route("**/api/train", async (route) => {
        const body = route.request().postDataJSON() as { cmd: string; config?: object } | null;
        if (body?.cmd !== "start") return route.continue();
        chosen = body.config;
        return route.continue({ postData: JSON.stringify({ ...body, config: { ...body.config, options: OPTIONS } }) });
      });
      await page.getByRole("button", { name: "시작", exact: true }).click();
      await expect.poll(stepShown, { timeout: PATIENCE, interval: 100 }).toBeGreaterThan(30);
      expect(chosen).toMatchObject({ preset: "small", options: { epochs: 20, learningRate: 0.005 } });
      await page.getByRole("button", { name: "멈춤" }).click();
      await page.getByText("스텝에 저장했습니다").waitFor();
      const opens = await page.locator(".run-bar code").innerText();
      expect(opens).toBe(`jumok serve ${join(folder, "studio", "runs", "animals-1")}`);
      const stoppedAt = await stepShown();
      await page.reload();
      await expect.poll(stepShown).toBe(stoppedAt);
      await page.getByRole("button", { name: "이어서 학습" }).click();
      // Closed while it is trained; the run does not mind.
      await page.goto("about:blank");
      await page.goto(`${server.url}/#train`);
      await page.locator(".run-state.done").waitFor({ timeout: PATIENCE });
      await page.locator(".model-chip", { hasText: "animals-1" }).waitFor();

      const out = join(folder, "studio", "runs", "animals-1");
      const whole = join(folder, "whole");
      const run = { data, out: whole, options: runOptions("small", OPTIONS), engine: await testEngine() };
      for await (const _ of trainFolder({ ...run, history: false }));
      expect(readFileSync(join(out, "model.safetensors")).equals(readFileSync(join(whole, "model.safetensors")))).toBe(
        true,
      );
    },
    PATIENCE,
  );

  it(
    "moves charts, answers and film with one scrubber, by keyboard alone",
    async () => {
      const scrubber = page.getByRole("slider");
      await scrubber.focus();
      await page.keyboard.press("Home");
      await expect.poll(() => page.locator(".scrubber output").innerText()).toMatch(/^0 \//);
      expect(await page.locator(".samples thead th").last().innerText()).toBe("0 스텝");
      expect(await page.locator('.strip [aria-pressed="true"]').innerText()).toBe("0");
      const first = await page
        .locator(".film-map tbody td")
        .evaluateAll((cells) => cells.map((cell) => cell.textContent));
      await page.keyboard.press("End");
      await expect.poll(() => page.locator(".scrubber output").innerText()).toMatch(/^(\d+) \/ \1 /);
      const last = await page
        .locator(".film-map tbody td")
        .evaluateAll((cells) => cells.map((cell) => cell.textContent));
      expect(last).not.toEqual(first);
      await page.keyboard.press("ArrowLeft");
      const step = Number(/^(\d+)/.exec(await page.locator(".scrubber output").innerText())?.[1]);
      expect(await page.locator(".samples thead th").last().innerText()).toBe(`${step} 스텝`);
      expect(new URL(page.url()).hash).toContain(`step=${step}`);
      expect(await page.locator(".chart canvas").count()).toBe(3);
      await page.locator(".chart-table summary").first().click();
      await expect.poll(() => page.locator(".chart-table tbody tr").count()).toBeGreaterThan(2);
      expect(await page.locator(".chart-table tbody td").first().innerText()).toMatch(/^[\d.]+$/);
      expect(await page.getByText("공식과 같습니다").count()).toBe(1);
    },
    PATIENCE,
  );

  it(
    "goes on by one look with each press where no motion is wanted, and marks what was measured and saved",
    async () => {
      const shownStep = async () => Number(/^(\d+)/.exec(await page.locator(".scrubber output").innerText())?.[1]);
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.getByRole("slider").focus();
      await page.keyboard.press("Home");
      await page.getByRole("button", { name: "다음 장면" }).click();
      const second = await shownStep();
      expect(second).toBeGreaterThan(0);
      await page.waitForTimeout(500);
      expect(await shownStep()).toBe(second);
      await page.getByRole("button", { name: "다음 장면" }).click();
      expect(await shownStep()).toBeGreaterThan(second);
      await page.emulateMedia({ reducedMotion: "no-preference" });
      await page.getByRole("button", { name: "재생" }).waitFor();
      expect(await page.locator(".track-valid").count()).toBe(50);
      expect(await page.locator(".track-saved").count()).toBeGreaterThan(1);
    },
    PATIENCE,
  );

  it(
    "speaks both languages, fits a phone, and finds nothing serious with axe in both themes",
    async () => {
      const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ]) {
        await page.setViewportSize({ width, height });
        for (const theme of ["light", "dark"]) {
          await page.evaluate((name) => localStorage.setItem("theme", name), theme);
          await page.evaluate(axe);
          const serious = await page.evaluate(async () => {
            // biome-ignore lint/suspicious/noExplicitAny: what axe puts on the window
            const { violations } = await (window as any).axe.run(".training");
            return violations
              .filter(({ impact }: { impact: string }) => impact === "serious" || impact === "critical")
              .map(({ id, nodes }: { id: string; nodes: { target: string[] }[] }) => [
                id,
                ...nodes.map((n) => n.target),
              ]);
          });
          expect(serious, `${width} ${theme}`).toEqual([]);
          await page.locator(".top-end button").last().click();
        }
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over, `sideways at ${width}`).toBeLessThanOrEqual(0);
      }
      await page.getByRole("button", { name: "Switch to English" }).click();
      await page.getByText("The same questions, changing answers").waitFor();
      const text = await page.locator(".training h2, .run-state, .scrubber .button, .chart-said").allInnerTexts();
      for (const line of text) expect(line).not.toMatch(/\p{Script=Hangul}/u);
      // The model is not there until it is trained, which the page asks for.
      expect(complaints.filter((line) => !/503|failed$/.test(line))).toEqual([]);
      expect(strangers).toEqual([]);
    },
    PATIENCE,
  );
});
