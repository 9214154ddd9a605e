import { readdirSync, readFileSync, statSync } from "node:fs";
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
import { builtStudio } from "./built-studio.ts";
import { describeInChromium, launch, type WatchedPage, watchedPage } from "./chromium.ts";
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
  builtStudio();
  const chat = { name: "model", task: "chat" } as const;
  await writeExport(at("served", "writer"), await pageFiles(writer, chat));
  await writeExport(at("served", "recurrent"), await pageFiles(recurrent, { ...chat, compression: "int8" }));
  const judge = { name: "judge", task: "classify", compression: "fp16" } as const;
  await writeExport(at("served", "judge"), await pageFiles(judging, judge));
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

  it("says the sizes of its files", () => {
    const readme = readFileSync(at("served", "writer", "README.md"), "utf8");
    const sizeOf = (path: string): number => {
      const about = statSync(path);
      return about.isDirectory()
        ? readdirSync(path).reduce((sum, name) => sum + sizeOf(`${path}/${name}`), 0)
        : about.size;
    };
    const told = [...readme.matchAll(/^\| `([\w./-]+)` \| ([\d,]+) \|$/gm)];
    for (const [, name, bytes] of told) {
      expect(sizeOf(at("served", "writer", name)), name).toBe(Number(bytes.replaceAll(",", "")));
    }
    const names = told.map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(["ort/ort-wasm-simd-threaded.wasm", "studio-worker.js", "fonts/"]));
  });
});

describeInChromium("a browser export in Chromium", () => {
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

  /** Opens a page of one's own beside the modules of exports, on a phone. */
  async function open(name: string): Promise<WatchedPage["page"]> {
    const phone = { viewport: { width: 360, height: 720 }, locale: "ko-KR" };
    watched = await watchedPage(browser, server.origin, phone);
    await watched.page.goto(`${server.origin}/${name}/LICENSES.txt`);
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

  it("a classifier judges as Node does", async () => {
    const text = ASKED[2];
    const { judge, tokenizer } = await openLoadedClassifier(
      await testEngine(),
      await loadClassifier(at("served", "judge", "model")),
      { attention: true },
    );
    const judged = await judge.judge(text);
    const words = attendedWords(tokenizer, text, judged.attention!, "end")!;
    const page = await open("judge");
    const scores = await (await moduleOf(page, "judge")).evaluate(async ({ openClassifier }, text) => {
      const model = await openClassifier("./model/", { attention: true });
      const { label, logProbabilities, words } = await model.judge(text);
      return { label, scores: [...logProbabilities], words: words!.map(({ word }) => word) };
    }, text);
    expect(scores).toEqual({
      label: judged.label,
      scores: [...judged.logProbabilities].map((value) => expect.closeTo(value, 4)),
      words: words.map(({ word }) => word),
    });
    await expectCalm();
  });
});
