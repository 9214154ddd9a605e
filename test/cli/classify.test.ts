import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { configOf, modelOf } from "../../src/formats/model-config.ts";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { runOptions } from "../../src/training/run-options.ts";
import { at, expectComplaint, jsonLines, jumok, type Outcome, write } from "./command.ts";

const THINGS = ["영화", "커피", "노래", "가방", "식당", "여행", "소설", "신발", "공연", "수업"];
const GOOD = ["정말 좋아요", "아주 최고예요", "참 훌륭해요"];
const BAD = ["정말 싫어요", "아주 최악이에요", "참 별로예요"];
const rows = THINGS.flatMap((thing) => [
  ...GOOD.map((word) => `${thing} ${word}\t5\n`),
  ...BAD.map((word) => `${thing} ${word}\t1\n`),
]).join("");
const data = write("reviews.tsv", `번호 없는 글\t별점\n${rows}`);
/** The same under names that are found by themselves. */
const plain = write("plain.tsv", `text\tlabel\n${rows}`);

const COLUMNS = ["--text", "번호 없는 글", "--label", "2"];
const QUICK = [
  ...["--d-model", "12", "--hidden-size", "8", "--attention-units", "8", "--dense-units", "8", "--max-length", "4"],
  ...["--tokenizer", "word", "--vocabulary-size", "100", "--batch-size", "10", "--learning-rate", "0.03"],
  ...["--epochs", "8", "--warmup-steps", "5", "--dropout", "0", "--dense-dropout", "0", "--threads", "1"],
];
const train = (file: string, out: string, ...flags: string[]) =>
  jumok(["train", file, "--out", at(out), "--task", "classify", ...flags]);
const model = at("judge");
let trained: Outcome;

beforeAll(async () => {
  trained = await train(data, "judge", ...COLUMNS, ...QUICK, "--valid-fraction", "0.2");
}, 60_000);

describe("jumok train --task classify", () => {
  it("writes the folder of a classifier and tells what it does", () => {
    expect(trained).toMatchObject({ code: 0, stdout: "" });
    expect(trained.stderr).toContain("reviews.tsv: 번호 없는 글 → 별점\n");
    expect(trained.stderr).toMatch(/^classes +[15] 30 \(50\.0 %\), [15] 30 \(50\.0 %\)$/m);
    expect(trained.stderr).toMatch(/48 texts to learn from, 12 held out\n0 % of held-out texts also occur in training/);
    expect(trained.stderr).toMatch(/^epoch 8\/8 {2}loss \d.*held out: loss \d\.\d+ {2}accuracy \d/m);
    expect(trained.stderr).toContain(`try it: jumok classify ${model}`);
    expect(readdirSync(model).sort()).toEqual([
      "checkpoints",
      "config.json",
      "history",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
      "training.json",
    ]);
    const { id2label } = JSON.parse(readFileSync(at("judge", "config.json"), "utf8"));
    expect(id2label).toEqual({ 0: "1", 1: "5" });
    const { options, examples } = JSON.parse(readFileSync(at("judge", "training.json"), "utf8"));
    expect(options).toMatchObject({ task: "classify", model: "recurrent", epochs: 8 });
    expect(examples).toEqual({ train: 48, valid: 12 });
  });
});

describe.concurrent("jumok train refuses", () => {
  it.each([
    [["--source", "Q", "--task", "classify"], /--source is for pairs; labelled texts are read from --text and --label/],
    [
      ["--label", "별점"],
      /--label is for labelled texts \(--task classify\); pairs are read from --source and --target/,
    ],
  ])("%j", async (flags, message) => {
    const outcome = await jumok(["train", data, "--out", at("refused"), ...flags]);
    expectComplaint(outcome, { code: 2, message });
    expect(existsSync(at("refused"))).toBe(false);
  });

  it("a held-out label that training does not know, naming its line", async () => {
    const valid = write("valid.tsv", "text\tlabel\n영화 좋아요\t5\n영화 그저 그래요\t3\n");
    expectComplaint(await train(plain, "strange", ...QUICK, "--valid", valid), {
      code: 1,
      message: /valid\.tsv, line 3: the label 3 is none of the classes: they are 1, 5$/,
    });
    expect(existsSync(at("strange"))).toBe(false);
  });
});

describe.concurrent("jumok classify", () => {
  it("tells the class of a text and how sure it is", async () => {
    const good = await jumok(["classify", model, "음악이", "최고예요"]);
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(good.stdout).toMatch(/^5\t[01]\.\d{4}\n$/);
    expect(Number(good.stdout.split("\t")[1])).toBeGreaterThan(0.5);
  });

  it("gives a line for each line of a pipe, an empty one where there are no words", async () => {
    const outcome = await jumok(["classify", model], { input: "영화 정말 좋아요\r\n\n커피 참 별로예요\n  " });
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(/^5\t[01]\.\d{4}\n\n1\t[01]\.\d{4}\n\n$/);
    expect(outcome.stderr).toBe("jumok: line 2: the line is empty\njumok: line 4: the line is empty\n");
  });

  it("with --json and - gives an object for each line", async () => {
    const input = "영화 정말 좋아요\n\n아주 긴 글은 노래 참 최악이에요\n";
    const outcome = await jumok(["classify", model, "-", "--json"], { input });
    expect(outcome).toMatchObject({ code: 1, stderr: "" });
    const [good, empty, long] = jsonLines(outcome);
    expect(empty).toEqual({ input: "", error: "the line is empty" });
    expect(good).toMatchObject({ input: "영화 정말 좋아요", label: "5" });
    expect(Object.keys(good)).toEqual(["input", "label", "probability", "probabilities", "attention"]);
    expect(Object.keys(good.probabilities)).toEqual(["1", "5"]);
    expect(good.probabilities["1"] + good.probabilities["5"]).toBeCloseTo(1, 5);
    expect(good.probabilities["5"]).toBe(good.probability);
    expect(good.attention.map(({ word }: { word: string }) => word)).toEqual(["영화", "정말", "좋아요"]);
    const weights = (of: typeof good) => of.attention.map(({ weight }: { weight: number }) => weight);
    expect(weights(good).reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 5);
    expect(long).toMatchObject({ label: "1", tokensCut: 2 });
    expect(weights(long).slice(0, 2)).toEqual([0, 0]);
    expect(weights(long)[2]).toBeGreaterThan(0);
  });
});

describe.concurrent("jumok evaluate on a classifier", () => {
  it("measures, for people", async () => {
    const { code, stdout, stderr } = await jumok(["evaluate", model, data, ...COLUMNS]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^accuracy {6}\d+\.\d % of 60 texts\nmacro F1 {6}[01]\.\d{4}\nloss {10}\d\.\d{4} nats a text\n/,
    );
    expect(stdout).toMatch(
      /^ +1 +5 {3}told to be\n {4}1 .* precision [01]\.\d{3} {2}recall .*\n {4}5 .* F1 [01]\.\d{3}\n$/m,
    );
  });

  it("measures, as JSON, and counts what was left out", async () => {
    const told = write("told.tsv", `text\tlabel\n${rows}영화가 정말 아주 매우 좋아요\t5\n\t5\n`);
    const outcome = await jumok(["evaluate", model, told, "--json"]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const [measured] = jsonLines(outcome);
    expect(measured).toMatchObject({ labels: ["1", "5"], texts: 61, cut: 1, empty: 0, badRows: 1 });
    const { confusion, accuracy, macroF1, loss } = measured;
    expect(confusion.map((row: number[]) => row[0] + row[1])).toEqual([30, 31]);
    expect(accuracy).toBeCloseTo((confusion[0][0] + confusion[1][1]) / 61, 12);
    // The words tell; a guess has half of the texts right.
    expect(accuracy).toBeGreaterThan(0.9);
    expect(macroF1).toBeGreaterThan(0.9);
    expect(loss).toBeLessThan(0.4);
  });

  it("refuses flags of pairs", async () => {
    expectComplaint(await jumok(["evaluate", model, plain, "--source", "text"]), {
      code: 2,
      message: /--source has no meaning here: a classifier is measured with --text and --label/,
    });
  });
});

describe.concurrent("a folder of the other kind is refused", () => {
  const talk = at("talk");

  beforeAll(async () => {
    const tokenizer = Tokenizer.train(["안녕 안녕"], { kind: "word", vocabularySize: 16 });
    const small = runOptions("small", { numLayers: 1, dModel: 8, numHeads: 2, dFeedForward: 8 });
    const config = configOf({ ...small, vocabularySize: tokenizer.vocabularySize }, tokenizer);
    const parameters = modelOf(config).parameters();
    const weights = new FlatValues(new Layout(parameters));
    initialize(weights, parameters, 1);
    await saveModelFolder(talk, { config, weights, tokenizer }, {});
  });

  it("by chat, naming classify", async () => {
    const message = /judge: holds a classifier, which writes no answers; use it with jumok classify$/;
    expectComplaint(await jumok(["chat", model, "안녕"]), { code: 1, message });
  });

  it("by classify, naming chat", async () => {
    const message = /talk: holds a model that writes answers, no classifier; talk to it with jumok chat$/;
    expectComplaint(await jumok(["classify", talk, "안녕"]), { code: 1, message });
  });

  it("by the flags of evaluate", async () => {
    expectComplaint(await jumok(["evaluate", talk, plain, "--label", "label"]), {
      code: 2,
      message: /--label has no meaning here: a model that writes is measured with --source and --target/,
    });
  });
});
