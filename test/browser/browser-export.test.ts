import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageFiles } from "../../src/browser/page-files-node.ts";
import { attendedWords } from "../../src/decoding/attended-words.ts";
import { Responder } from "../../src/decoding/responder.ts";
import type { SearchOptions } from "../../src/decoding/search-options.ts";
import { writeExport } from "../../src/formats/export-folder-node.ts";
import { loadClassifier, loadSeq2Seq, saveModelFolder } from "../../src/formats/model-folder.ts";
import { openLoadedClassifier } from "../../src/training/open-model.ts";
import { jumok } from "../cli/command.ts";
import { at, randomClassifier, randomSeq2Seq, SENTENCES } from "../formats/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { CHROMIUM, launch, type WatchedPage, watchedPage } from "./chromium.ts";
import { serveFolder } from "./static-server.ts";

/** What is exported by name, below one folder that is served. */
const writer = randomSeq2Seq();
const recurrent = randomSeq2Seq({ model: "recurrent" }, 3);
const judging = randomClassifier({ model: "recurrent" }, ["긍정", "부정", "모름"]);
const ASKED = SENTENCES.slice(0, 4);
const SEARCHES: readonly SearchOptions[] = [
  {},
  { beam: 4, nBest: 3, lengthPenalty: "wu", attention: true },
  { sampling: { temperature: 0.9, topK: 20, seed: 7 }, maxTokens: 12 },
  { noRepeatNgram: 2, repetitionPenalty: 1.2, minTokens: 4 },
];

beforeAll(async () => {
  execFileSync(process.execPath, ["scripts/build-page.mjs"]);
  await writeExport(at("served", "writer"), await pageFiles(writer));
  await writeExport(at("served", "recurrent"), await pageFiles(recurrent, { compression: "int8" }));
  await writeExport(at("served", "judge"), await pageFiles(judging, { compression: "fp16" }));
});

/** What Node answers with the model of an exported folder. */
async function nodeAnswers(name: string) {
  const responder = await Responder.compile(await testEngine(), await loadSeq2Seq(at("served", name, "model")));
  const answers = [];
  for (const search of SEARCHES) answers.push(await Promise.all(ASKED.map((text) => responder.answer(text, search))));
  await responder.release();
  return answers.map((some) => some.map(({ ids, answer, nBest, score }) => ({ ids, answer, score, nBest })));
}

describe("the folder of a browser export", () => {
  it("is written by the command, and its model is a model folder", async () => {
    const { config, weights, tokenizer } = writer;
    await saveModelFolder(at("model"), { config, weights, tokenizer }, {});
    const outcome = await jumok(["export", at("model"), "--to", "browser", "-o", at("out")]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/model\.safetensors\t\d+\n/);
    for (const name of readdirSync(at("out", "model"))) {
      expect(readFileSync(at("out", "model", name))).toEqual(readFileSync(at("served", "writer", "model", name)));
    }
    const asked = await jumok(["chat", at("out", "model"), ASKED[0]]);
    expect(asked).toMatchObject({ code: 0, stdout: `${(await nodeAnswers("writer"))[0][0].answer}\n` });
  });

  it("has every file that it names, and says their sizes", () => {
    const files = readdirSync(at("served", "writer"), { recursive: true, encoding: "utf8" });
    const page = readFileSync(at("served", "writer", "index.html"), "utf8");
    const named = [...page.matchAll(/(?:href|src)="([^":]+)"/g)].map(([, name]) => name);
    expect(named).toEqual(["style.css", "jumok.js", "page.js"]);
    expect(files).toEqual(expect.arrayContaining(named));
    const readme = readFileSync(at("served", "writer", "README.md"), "utf8");
    for (const [, name, bytes] of readme.matchAll(/^\| `([\w./-]+)` \| ([\d,]+) \|$/gm)) {
      expect(readFileSync(at("served", "writer", name)).length, name).toBe(Number(bytes.replaceAll(",", "")));
    }
    expect(readme).toContain("ort/ort-wasm-simd-threaded.wasm");
  });
});

if (CHROMIUM === undefined) {
  process.stderr.write("test/browser: not tried in a browser, because Chromium is not installed (apt: chromium)\n");
}

describe.skipIf(CHROMIUM === undefined)("a browser export in Chromium", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let watched: WatchedPage;

  beforeAll(async () => {
    server = await serveFolder(at("served"));
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens the page of an export on a phone of a Korean reader. */
  async function open(name: string): Promise<WatchedPage["page"]> {
    const phone = { viewport: { width: 360, height: 720 }, locale: "ko-KR" };
    watched = await watchedPage(browser, server.origin, phone);
    await watched.page.goto(`${server.origin}/${name}/`);
    await watched.page.waitForSelector("#text");
    return watched.page;
  }

  /** The module that an export gives to pages of others. */
  function moduleOf(page: WatchedPage["page"], name: string) {
    type Module = typeof import("../../src/browser/jumok.ts");
    return page.evaluateHandle<Module>(`import("${server.origin}/${name}/jumok.js")`);
  }

  /** Fails if the page complained, asked anything of another host, or is wider than the phone. */
  async function expectCalm(but?: RegExp): Promise<void> {
    const width = await watched.page.evaluate(() => document.documentElement.scrollWidth);
    const complaints = watched.complaints.filter((line) => !but?.test(line));
    expect({ complaints, strangers: watched.strangers, width }).toEqual({
      complaints: [],
      strangers: [],
      width: 360,
    });
    await watched.page.context().close();
  }

  it.each(["writer", "recurrent"])("a %s answers as Node does", async (name) => {
    const expected = await nodeAnswers(name);
    const page = await open(name);
    const answers = await (await moduleOf(page, name)).evaluate(
      async ({ openModel }, [texts, searches]) => {
        const model = await openModel();
        const all = [];
        for (const search of searches) {
          const some = [];
          for (const text of texts) {
            const { ids, answer, nBest, score } = await model.answer(text, search);
            some.push({ ids, answer, score, nBest: nBest?.map(({ ids, score }) => ({ ids, score })) });
          }
          all.push(some);
        }
        await model.release();
        return all;
      },
      [ASKED, SEARCHES] as const,
    );
    for (const [i, some] of expected.entries()) {
      for (const [j, { ids, answer, score, nBest }] of some.entries()) {
        const near = (value: number) => expect.closeTo(value, 3);
        expect(answers[i][j], `${ASKED[j]}, search ${i}`).toEqual({
          ids,
          answer,
          score: near(score),
          nBest: nBest?.map(({ ids, score }) => ({ ids, score: near(score) })),
        });
      }
    }
    expect(new Set(expected.flat().map(({ answer }) => answer)).size).toBeGreaterThan(ASKED.length);
    await expectCalm();
  });

  it("the page of a model that writes streams answers, and shows alternatives and attention", async () => {
    const expected = await nodeAnswers("writer");
    const page = await open("writer");
    const said = async () => {
      await page.waitForFunction(() => !document.querySelector("[aria-busy]"));
      return (await page.locator(".turn:last-child .answer").textContent())!;
    };
    for (const [i, text] of ASKED.entries()) {
      await page.fill("#text", text);
      // An input method that puts a syllable together keeps Enter for itself.
      await page.dispatchEvent("#text", "keydown", { key: "Enter", isComposing: true });
      expect(await page.locator(".turn").count()).toBe(i);
      await page.press("#text", "Enter");
      await page.waitForSelector(`.turn:nth-child(${i + 1})`);
      expect(await said()).toBe(expected[0][i].answer || "(빈 답)");
    }
    await page.selectOption("#search", "beam");
    await page.fill("#text", ASKED[1]);
    await page.click("#send");
    await page.waitForSelector(`.turn:nth-child(${ASKED.length + 1})`);
    await said();
    const last = page.locator(".turn:last-child");
    const alternatives = await last.locator("li > span").allTextContents();
    expect(alternatives.slice(0, 3)).toEqual(expected[1][1].nBest!.map(({ answer }) => answer));

    await last.getByText("어텐션 보기").press("Enter");
    const cell = last.locator("[role=gridcell][tabindex='0']");
    await cell.press("ArrowRight");
    expect(await last.locator(".told").textContent()).toMatch(/자리는 어텐션의 .*%를/);
    await page.click("#language");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.locator("#send").textContent()).toBe("Send");
    expect(await last.locator(".reading").textContent()).toMatch(/Each row adds up to 100%/);

    await page.fill("#text", SENTENCES.join(" "));
    await page.press("#text", "Enter");
    await last.locator(".failure").waitFor();
    expect(await last.locator(".failure").textContent()).toBe(
      "The text is too long: this model reads at most 40 pieces.",
    );
    await expectCalm();
  });

  it("the module gives parts, attention and reasons", async () => {
    const page = await open("writer");
    const told = await (await moduleOf(page, "writer")).evaluate(
      async ({ openModel, openClassifier, attentionFigure }, text) => {
        const model = await openModel("./model/");
        const parts: string[] = [];
        const stream = model.stream(text, { attention: true });
        let step = await stream.next();
        for (; !step.done; step = await stream.next()) parts.push(step.value);
        const answer = step.value;
        const explained = model.attentionOf(answer);
        const reason = (attempt: Promise<unknown>) => attempt.then(() => "nothing", String);
        return {
          joined: parts.join("") === answer.answer,
          parts: parts.length,
          steps: answer.attention.length === answer.ids.length + Number(answer.finished),
          kinds: [...new Set(explained.maps.map(({ kind }) => kind))],
          svg: attentionFigure(explained, { language: "ko" }).startsWith("<svg"),
          reasons: [
            await reason(model.answer(" ")),
            await reason(model.answer(text, { beam: 0 })),
            await reason(model.answer(text, { signal: AbortSignal.abort("enough") })),
            await reason(openClassifier("./model/")),
            await reason(openModel("./nowhere/")),
          ],
        };
      },
      ASKED[1],
    );
    expect(told).toMatchObject({ joined: true, steps: true, kinds: ["decoder", "cross"], svg: true });
    expect(told.parts).toBeGreaterThan(1);
    expect(told.reasons).toEqual([
      "TextError: the text is empty",
      expect.stringMatching(/^SearchOptionsError: beam: /),
      "enough",
      expect.stringMatching(/holds a model that writes answers, no classifier; open it with openModel$/),
      expect.stringMatching(/\/writer\/nowhere\/config\.json: the server says 404/),
    ]);
    // The browser itself says on the console what it did not find.
    await expectCalm(/nowhere|404/);
  });

  it("the page of a classifier judges as Node does, and shows the words it looked at", async () => {
    const text = ASKED[2];
    const { judge, tokenizer } = await openLoadedClassifier(
      await testEngine(),
      await loadClassifier(at("served", "judge", "model")),
      { attention: true },
    );
    const judged = await judge.judge(text);
    const words = attendedWords(tokenizer, text, judged.attention!, "end")!;
    const page = await open("judge");
    await page.fill("#text", text);
    await page.press("#text", "Enter");
    await page.waitForSelector(".flow");
    const told = await page.locator(".bars li").allTextContents();
    expect(told[0]).toBe(`${judged.label}${(100 * judged.probability).toFixed(1)}%`);
    expect(told).toHaveLength(3);
    expect(await page.locator(".flow [role=gridcell]").allTextContents()).toEqual(
      words.map(({ word, weight }) => `${word}${(100 * weight).toFixed(1)}%`),
    );
    const scores = await (await moduleOf(page, "judge")).evaluate(async ({ openClassifier }, text) => {
      const model = await openClassifier("./model/", { attention: true });
      const { logProbabilities, words } = await model.judge(text);
      return { scores: [...logProbabilities], words: words!.map(({ word }) => word) };
    }, text);
    expect(scores).toEqual({
      scores: [...judged.logProbabilities].map((value) => expect.closeTo(value, 4)),
      words: words.map(({ word }) => word),
    });
    await expectCalm();
  });
});
