import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { pageFiles } from "../../src/browser/page-files-node.ts";
import { writeExport } from "../../src/formats/export-folder-node.ts";
import { loadModelFolder } from "../../src/formats/model-folder.ts";
import { openStudio } from "../../src/studio/open-studio.ts";
import { at, jumok } from "../cli/command.ts";
import { randomClassifier, randomSeq2Seq, SENTENCES } from "../formats/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { type Told, told } from "../studio/opened.ts";
import { builtStudio } from "./built-studio.ts";
import { describeInChromium, launch, type WatchedPage, watchedPage } from "./chromium.ts";
import { axeFindings, serveStudio, trainTalker } from "./served-studio.ts";
import { serveFolder } from "./static-server.ts";

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const ASKED = "오늘 너무 피곤해";
/** How the conversation searches where nothing else is chosen. */
const SEARCH = { beam: 4, lenPenalty: 0.6, topK: 6 };

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const numberOf = (text: string) => Number(text.replace("−", "-").replace("%", "").replace("<", ""));

describeInChromium("the studio with the model in the page", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let watched: WatchedPage;
  let requests: string[];
  let folder: string;

  beforeAll(async () => {
    builtStudio();
    folder = await trainTalker("talker", "--num-heads", "4", "--d-feed-forward", "96");
    const flags = ["--to", "browser", "-o", at("served", "talker"), "--quantize", "int8"];
    expect(await jumok(["export", folder, ...flags])).toMatchObject({ code: 0, stderr: "" });
    const judging = randomClassifier({ model: "recurrent" }, ["긍정", "부정", "모름"]);
    await writeExport(at("served", "judge"), await pageFiles(judging, { name: "judge", task: "classify" }));
    const attending = randomClassifier({ model: "transformer" }, ["긍정", "부정"]);
    await writeExport(at("served", "attending"), await pageFiles(attending, { name: "attending", task: "classify" }));
    const recurrent = randomSeq2Seq({ model: "recurrent" }, 3);
    await writeExport(at("served", "recurrent"), await pageFiles(recurrent, { name: "a < b", task: "translate" }));
    server = await serveFolder(at("served"));
    browser = await launch();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  afterEach(async () => {
    expect({ complaints: watched.complaints, strangers: watched.strangers }).toEqual({ complaints: [], strangers: [] });
    expect(requests.filter((url) => !/^(blob:|data:)/.test(url) && !url.startsWith(server.origin))).toEqual([]);
    await watched.page.context().close();
  });

  /** A page of an export, empty yet. */
  async function blank(options: Parameters<typeof watchedPage>[2] = {}): Promise<Page> {
    watched = await watchedPage(browser, server.origin, { viewport: DESKTOP, locale: "ko-KR", ...options });
    requests = [];
    watched.page.context().on("request", (request) => requests.push(request.url()));
    return watched.page;
  }

  async function open(
    hash = "",
    { name = "talker", ...options }: { name?: string } & Parameters<typeof blank>[0] = {},
  ) {
    const page = await blank(options);
    await page.goto(`${server.origin}/${name}/${hash}`);
    return page;
  }

  async function openTalk(hash = "", options: Parameters<typeof open>[1] = {}): Promise<Page> {
    const page = await open(hash, options);
    await page.locator(".words.written .word.mark").waitFor();
    return page;
  }

  /** What Node tells with the model of an export. */
  async function inNode(name: string, src: string): Promise<Told> {
    const studio = await openStudio(await testEngine(), await loadModelFolder(at("served", name, "model")));
    const all = await told(studio.generate({ src, ...SEARCH }));
    await studio.release();
    return all;
  }

  it("draws itself before the model is there, and says how much of it has come", async () => {
    const page = await blank();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.context().route("**/model.safetensors", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.origin}/talker/`);
    const weights = statSync(at("served", "talker", "model", "model.safetensors")).size;
    const whole = /"bytes":(\d+)/.exec(readFileSync(at("served", "talker", "index.html"), "utf8"))![1];
    const progress = page.getByRole("progressbar", { name: "모델을 이 페이지로 불러오고 있습니다." });
    await expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBe(Number(whole) - weights);
    expect(await page.locator(".views a").allTextContents()).toEqual(["대화", "어텐션", "학습", "원리"]);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "원리" }).click();
    await page.locator("[role=slider]").waitFor();
    await page.getByRole("link", { name: "대화" }).click();
    release();
    await page.locator(".words.written .word.mark").waitFor();
    expect(await progress.count()).toBe(0);
  });

  it("answers Korean with the tokens, candidates and tree of Node", async () => {
    const page = await openTalk();
    const questions = [ASKED, "비가 와", "우산을 챙기고 쉬세요"];
    for (const [i, src] of questions.entries()) {
      const { done, toks, beams } = await inNode("talker", src);
      if (i > 0) {
        await page.getByRole("textbox").fill(src);
        await page.keyboard.press("Enter");
        await expect.poll(() => page.locator(".past li").count()).toBe(i);
        await page.locator(".words.written .word.mark").waitFor();
      }
      await page.getByRole("button", { name: "빔 트리" }).click();
      const lanes = page.locator(".lane-end");
      await expect.poll(() => lanes.count()).toBe(done.nbest.length);
      expect(await page.locator(".tree .node").count()).toBeGreaterThanOrEqual(beams.length);
      await page.locator(".words.written .word").first().hover();
      await expect
        .poll(() => page.locator(".inspector .bars").first().locator("li").allTextContents())
        .toEqual(toks[0].top.map(([t]) => expect.stringContaining(t)));
      await page.getByRole("button", { name: "후보 문장" }).click();
      const sentences = page.locator(".n-best button span:nth-child(2)");
      await expect.poll(() => sentences.allTextContents()).toEqual(done.nbest.map(({ text }) => text));
      // The address has the ids of a sentence that is chosen.
      await page.locator(".n-best button").first().click();
      await expect.poll(() => new URL(page.url()).hash).toContain(`force=${done.nbest[0].ids.join(".")}`);
    }
  });

  it("keeps a word that is pressed, goes on with a runner-up, and stays the same by its address", async () => {
    const page = await openTalk();
    const words = page.locator(".words.written .word");
    await words.nth(1).hover();
    await expect.poll(() => page.locator(".inspected").textContent()).toMatch(/^쉬고/);
    await words.nth(1).click();
    expect(await words.nth(1).getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => page.locator(".heads button").count()).toBe(8);
    await page.reload();
    await expect.poll(() => page.locator(".word[aria-pressed=true]").textContent()).toMatch(/^쉬고/);
    const runner = page.locator(".inspector .bars button").first();
    const word = (await runner.locator("span").first().textContent())!;
    await runner.click();
    await expect.poll(() => words.nth(1).textContent()).toContain(word);
  });

  it("shows attention whose rows add up, and arithmetic that can be worked out again", async () => {
    const page = await open("#attn?x=e1&l=2&h=1&i=1&j=2");
    await page.locator(".map-pane .says").waitFor();
    await expect.poll(() => page.locator(".steps > li").count()).toBe(7);
    const { exhibit } = await inNode("talker", ASKED);
    const { weights, heads } = exhibit.stacks.find(({ kind }) => kind === "cross")!;
    const columns = exhibit.axes.src!.toks.length;
    const rows = weights.length / (2 * heads * columns);
    const shown = await page
      .locator("table[aria-rowcount] tbody tr")
      .evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")));
    expect(shown).toHaveLength(rows);
    for (const [row, cells] of shown.entries()) {
      const shares = cells.map((text) => numberOf(text.split(", ").at(-1)!));
      expect(Math.abs(sum(shares) - 100)).toBeLessThanOrEqual(columns * 0.5);
      for (const [column, share] of shares.entries()) {
        const weight = weights[(heads * rows + row) * columns + column];
        expect(Math.abs(share - 100 * weight)).toBeLessThanOrEqual(0.6);
      }
    }
    const [product, scaled, , share] = (await page.locator(".step-value").allTextContents()).slice(2, 6);
    expect(numberOf(product) / Math.sqrt(12)).toBeCloseTo(numberOf(scaled), 1);
    expect((await page.locator(".pair").textContent())!.trim()).toContain(share);
    await page.locator(".steps > li").nth(5).locator(".step-head").click();
    const table = await page
      .locator(".steps > li")
      .nth(5)
      .locator(".step-table tr")
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
    const lines = table.slice(1, -1).map((cells) => ({ score: numberOf(cells[1]), share: numberOf(cells[3]) }));
    const powers = lines.map(({ score }) => Math.exp(score));
    for (const [i, line] of lines.entries()) {
      expect(Math.abs((100 * powers[i]) / sum(powers) - line.share)).toBeLessThanOrEqual(0.55);
    }
    await expect.poll(() => page.locator(".occlusion-words button:enabled").count()).toBe(3);
  });

  it("saves figures with letters of their own, and says that they are no outlines", async () => {
    const page = await open("#attn?x=e1&l=2&h=1");
    await page.locator(".map-pane .says").waitFor();
    await page.getByRole("button", { name: "내보내기" }).click();
    expect(await page.locator(".export-menu").textContent()).toContain("윤곽선으로 바꾸려면 jumok serve가 필요합니다");
    expect(await page.getByLabel("글자를 윤곽선으로").count()).toBe(0);
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return readFileSync(await download.path());
    };
    const svg = (await saved("그림(SVG)")).toString();
    expect(svg).toMatch(
      /@font-face\{font-family:"jumok figure";src:url\(data:font\/woff2;base64,.*<text[^>]*>바라보는 단어/s,
    );
    const png = await saved("그림(PNG)");
    // What is darkest at the left is the text of the head.
    const inked = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const pen = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const context = pen.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width / 2, image.height / 8);
      return data.reduce((count, value, i) => count + Number(i % 4 === 0 && value < 64), 0);
    }, png.toString("base64"));
    expect(inked).toBeGreaterThan(300);
  });

  it("has the model's numbers on a screen of How it works", async () => {
    const page = await open("#how/2");
    await page.locator("[role=slider]").waitFor();
    const before = await page.locator(".lesson-figures").textContent();
    await page.getByRole("button", { name: "내 모델로 보기" }).click();
    await page.getByRole("button", { name: "작은 모델로 보기" }).waitFor();
    await expect.poll(() => page.locator(".lesson-figures").textContent()).not.toBe(before);
    for (const screen of [4, 6, 7, 8, 9, 14]) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#how/${screen}`);
      await page.getByText(/불러온 모델(의 \d층|이 예문에)/).waitFor();
    }
  });

  it("plays the recorded training, which it cannot start", async () => {
    const page = await open("#train");
    await page.getByText("이 모델이 학습한 과정의 기록입니다.").waitFor();
    await expect.poll(() => page.locator(".chart canvas").count()).toBe(3);
    expect(await page.locator(".run-actions button").count()).toBe(0);
    const film = () =>
      page.locator(".film-map tbody td").evaluateAll((cells) => cells.map((cell) => cell.textContent).join());
    await expect.poll(film).not.toBe("");
    const last = await film();
    await page.getByRole("slider").focus();
    await page.keyboard.press("Home");
    await expect.poll(() => page.locator(".scrubber output").innerText()).toMatch(/^0 \//);
    expect(await film()).not.toBe(last);
  });

  it.each([
    { name: "phone light ko-KR", viewport: PHONE, colorScheme: "light" as const, locale: "ko-KR" },
    { name: "desktop dark en-US", viewport: DESKTOP, colorScheme: "dark" as const, locale: "en-US" },
  ])("has nothing that axe-core finds wrong: $name", async ({ name: _, ...options }) => {
    const page = await openTalk("#talk?i=2&unit=word", { ...options, reducedMotion: "reduce" });
    await page.locator(".heads button").first().waitFor({ state: "attached" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await axeFindings(page)).toEqual([]);
  });

  it("keeps page and worker from asking anything of other hosts", async () => {
    const page = await openTalk();
    const attempt = (url: string) =>
      fetch(url).then(
        () => "answered",
        () => "refused",
      );
    const other = "http://127.0.0.1:9/";
    expect(await page.evaluate(attempt, other)).toBe("refused");
    expect(await page.workers()[0].evaluate(attempt, other)).toBe("refused");
    // Refused by the page's own policy, and not because nobody is there.
    const refusals = watched.complaints.filter((line) => line.includes("Content Security Policy"));
    expect(refusals.length).toBeGreaterThanOrEqual(2);
    (watched.complaints as string[]).length = 0;
    requests.length = 0;
  });

  it("says what is wrong where a file is missing", async () => {
    const page = await blank({ locale: "en-US" });
    await page.context().route("**/tokenizer.json", (route) => route.fulfill({ status: 404 }));
    await page.goto(`${server.origin}/talker/`);
    await page.getByText("The model of this page could not be opened.").waitFor();
    expect(await page.locator(".failure .caption").textContent()).toMatch(/tokenizer\.json: the server says 404/);
    (watched.complaints as string[]).length = 0;
  });

  it("is what a classifier is exported with, whose verdicts are Node's", async () => {
    const page = await open(`#talk?s=${encodeURIComponent(SENTENCES[2])}`, { name: "judge" });
    await page.locator(".words.written .word").waitFor();
    const { done, toks } = await inNode("judge", SENTENCES[2]);
    expect(await page.locator(".views a").allTextContents()).toEqual(["대화", "어텐션", "원리"]);
    expect(await page.locator(".words.written .word > [aria-hidden]:not(small)").allTextContents()).toEqual([
      done.text,
    ]);
    const classes = await page.locator(".inspector .bars").first().locator("li").allTextContents();
    expect(classes).toEqual(toks[0].top.map(([t]) => expect.stringContaining(t)));
    await page.goto(`${server.origin}/judge/#train`);
    await page.reload();
    await page.locator(".words.written .word").waitFor();
  });

  it("hides words from the verdict of a Transformer, which no row of its attention stands for", async () => {
    const page = await open(`#talk?s=${encodeURIComponent(SENTENCES[2])}`, { name: "attending" });
    await expect
      .poll(() => page.locator(".stage .says").textContent())
      .toMatch(/^‘.+’ 판정을 내릴 때 마지막 층의 모든 자리가 어텐션의 평균 \d+%를/);
    await page.locator(".words.source .word").first().hover();
    await expect.poll(() => page.locator(".stage .says").textContent()).toMatch(/^‘.+’ 단어에 마지막 층의 모든 자리가/);
    await page.locator(".words.written .word").first().hover();
    await page.getByRole("button", { name: "어텐션에서 자세히 보기" }).click();
    const words = page.locator(".occlusion-words button");
    await expect.poll(() => words.count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator(".occlusion-words button:disabled").count()).toBe(0);
    expect(await page.locator(".occlusion h2 .caption").textContent()).toMatch(/긍정|부정/);
  });

  it("is what a recurrent model is exported with, its name whatever it is", async () => {
    const page = await open(`#talk?s=${encodeURIComponent(SENTENCES[3])}`, { name: "recurrent" });
    await page.locator(".words.written .word").first().waitFor();
    expect(await page.locator(".model-chip").textContent()).toContain("a < b");
    const { done } = await inNode("recurrent", SENTENCES[3]);
    await page.getByRole("button", { name: "후보 문장" }).click();
    await expect
      .poll(() => page.locator(".n-best button span:nth-child(2)").allTextContents())
      .toEqual(done.nbest.map(({ text }) => text));
    await page.goto(`${server.origin}/recurrent/#attn?s=${encodeURIComponent(SENTENCES[3])}&i=1&j=1`);
    await expect.poll(() => page.locator(".steps > li").count()).toBeGreaterThan(3);
  });

  it("loads nothing of this where a server has the model", async () => {
    const served = await serveStudio(folder);
    watched = await watchedPage(browser, served.url, { viewport: DESKTOP });
    const asked: string[] = [];
    watched.page.on("request", (request) => asked.push(request.url()));
    await watched.page.goto(served.url);
    await watched.page.locator(".words.written .word.mark").waitFor();
    expect(asked.some((url) => /main-/.test(url))).toBe(true);
    expect(asked.filter((url) => /page-backend|studio-worker|ort|model\//.test(new URL(url).pathname))).toEqual([]);
    expect(await watched.page.locator("meta[http-equiv]").count()).toBe(0);
    requests = [];
    // Else the page notices that its server is gone.
    await watched.page.goto("about:blank");
    await served.stop();
  });

  it("is a folder with all that its page names", () => {
    const files = readdirSync(at("served", "talker"), { recursive: true, encoding: "utf8" });
    const page = readFileSync(at("served", "talker", "index.html"), "utf8");
    const named = [...page.matchAll(/(?:href|src)="([^":]+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect(files).toEqual(expect.arrayContaining(named.map((name) => join(name))));
    expect(page).toContain("'wasm-unsafe-eval'");
  });
});
