import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attendedWords } from "../../src/decoding/attended-words.ts";
import { Judge, type JudgeOptions, type JudgingModel } from "../../src/decoding/judge.ts";
import { TextError } from "../../src/decoding/responder.ts";
import { AttentionClassifier } from "../../src/models/attention-classifier.ts";
import { BagClassifier } from "../../src/models/bag-classifier.ts";
import type { Classifier } from "../../src/models/classifier.ts";
import { TransformerClassifier } from "../../src/models/transformer-classifier.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import type { Truncation } from "../../src/text/truncate.ts";
import { relativeError } from "../golden/golden.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const WORDS = ["가", "나", "다", "라", "마", "바", "사", "아"];
const tokenizer = Tokenizer.train([WORDS.join(" ")], {
  kind: "word",
  punctuation: "dropped",
  vocabularySize: 32,
  minimumFrequency: 1,
});

/** Words in pieces of one letter each. */
const inLetters = Tokenizer.train(["a b c d e f g"], { vocabularySize: 400, minimumFrequency: 1 });

describe("attendedWords", () => {
  const words = (text: string, attention: readonly number[], truncate: Truncation = "start") =>
    attendedWords(inLetters, text, attention, truncate);

  it("sums the attention of a word's pieces", () => {
    expect(inLetters.encode("ab  cde\nf")).toHaveLength(6);
    expect(words("ab  cde\nf", [1, 2, 4, 8, 16, 32])).toEqual([
      { word: "ab", start: 0, weight: 3 },
      { word: "cde", start: 4, weight: 28 },
      { word: "f", start: 8, weight: 32 },
    ]);
  });

  it("gives words that were cut off at the start, or pieces of them, nothing", () => {
    expect(words("ab cde f", [1, 2, 4])!.map(({ weight }) => weight)).toEqual([0, 3, 4]);
    expect(words("ab cde f", [1])!.map(({ weight }) => weight)).toEqual([0, 0, 1]);
  });

  it("gives words that were cut off at the end, or pieces of them, nothing", () => {
    expect(words("ab cde f", [1, 2, 4], "end")!.map(({ weight }) => weight)).toEqual([3, 4, 0]);
    expect(words("ab cde f", [1], "end")!.map(({ weight }) => weight)).toEqual([1, 0, 0]);
  });

  it("knows words without pieces, and where a word stands behind wide characters", () => {
    expect(attendedWords(tokenizer, " 😀 !! 나, 다", [1, 2, 4], "start")).toEqual([
      { word: "😀", start: 1, weight: 1 },
      { word: "!!", start: 4, weight: 0 },
      { word: "나,", start: 7, weight: 2 },
      { word: "다", start: 10, weight: 4 },
    ]);
  });

  it("does not guess where a piece goes over a blank", () => {
    const json = JSON.parse(JSON.stringify(tokenizer));
    json.pre_tokenizer = null;
    json.model.vocab["가 나"] = Object.keys(json.model.vocab).length;
    const foreign = Tokenizer.fromJSON(json, tokenizer.config(8));
    expect(foreign.pieces(foreign.encode("가 나"))).toEqual(["가 나"]);
    expect(attendedWords(foreign, "가 나", [1], "start")).toBeUndefined();
  });
});

const sizes = { vocabularySize: tokenizer.vocabularySize, classes: 3, denseUnits: 6, dropout: 0, denseDropout: 0 };
const labels = ["left", "middle", "right"];
const attentive = (maxLength: number, attendPadding = false) =>
  new AttentionClassifier({
    ...sizes,
    cell: "gru",
    numLayers: 1,
    dEmbedding: 6,
    hiddenSize: 6,
    pooling: "attention",
    attendPadding,
    attentionUnits: 5,
    maxLength,
  });

const judges: Judge[] = [];
afterAll(() => Promise.all(judges.map((judge) => judge.release())));

/** A judge with a model of random weights, released when the tests are over. */
async function judgeWith(model: Classifier, truncate: Truncation = "start", options: JudgeOptions = {}) {
  const weights = new FlatValues(new Layout(model.parameters()));
  const random = Random.of(1, "judge");
  for (const { data } of weights.views.values()) data.set(Array.from(data, () => random.normal()));
  const judging: JudgingModel = { model, weights, tokenizer, labels, truncate };
  const judge = await Judge.compile(await testEngine(), judging, options);
  judges.push(judge);
  return { judge, weights };
}

describe("Judge", () => {
  let judge: Judge;
  beforeAll(async () => {
    ({ judge } = await judgeWith(attentive(4), "start", { attention: true }));
  });

  it("tells the likeliest class, all probabilities, the pieces and where it looked", async () => {
    const { input, label, probability, logProbabilities, tokens, cut, attention } = await judge.judge("다, 나 가!");
    expect(input).toBe("다, 나 가!");
    const probabilities = Array.from(logProbabilities, Math.exp);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(probability).toBeCloseTo(Math.max(...probabilities), 9);
    expect(label).toBe(labels[probabilities.indexOf(Math.max(...probabilities))]);
    expect(tokens).toEqual(["▁다", "▁나", "▁가"]);
    expect(cut).toBe(0);
    expect(attention).toHaveLength(3);
    expect(attention!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  });

  it.each<[Truncation, string]>([
    ["start", "다 라 마 바"],
    ["end", "가 나 다 라"],
  ])("reads the rest of a longer text that is cut at the %s, and tells how much was cut", async (truncate, rest) => {
    const { judge } = await judgeWith(attentive(4), truncate, { attention: true });
    const judged = await judge.judge("가 나 다 라 마 바");
    const alone = await judge.judge(rest);
    expect([judged.cut, alone.cut]).toEqual([2, 0]);
    expect(judged.tokens).toEqual(alone.tokens);
    expect(judged.logProbabilities).toEqual(alone.logProbabilities);
    expect(judged.attention).toEqual(alone.attention);
  });

  it("gives a text in a batch what it gives it alone", async () => {
    const texts = ["가", "나 다 라 마 바", "사 아", "라 라 가"];
    for (const [i, judged] of (await judge.judgeAll(texts)).entries()) {
      const alone = await judge.judge(texts[i]);
      expect(judged).toMatchObject({ input: texts[i], label: alone.label, tokens: alone.tokens, cut: alone.cut });
      expect(relativeError(judged.logProbabilities, alone.logProbabilities)).toBeLessThan(1e-5);
      expect(relativeError(judged.attention!, alone.attention!)).toBeLessThan(1e-5);
    }
  });

  it("tells what padding got apart from the pieces, of a model that attends to padding", async () => {
    const { judge } = await judgeWith(attentive(4, true), "start", { attention: true });
    const [short, full] = await judge.judgeAll(["다 나", "가 나 다 라 마 바"]);
    expect(short.tokens).toEqual(["▁다", "▁나"]);
    expect(full.tokens).toEqual(["▁다", "▁라", "▁마", "▁바"]);
    expect([short.cut, full.cut]).toEqual([0, 2]);
    for (const { tokens, attention, paddingAttention } of [short, full]) {
      expect(attention).toHaveLength(tokens.length);
      expect(attention!.reduce((sum, weight) => sum + weight, paddingAttention!)).toBeCloseTo(1, 5);
    }
    expect(short.paddingAttention).toBeGreaterThan(0.01);
    expect(full.paddingAttention).toBe(0);
  });

  it("keeps the order of texts over several batches", async () => {
    const { judge } = await judgeWith(
      new BagClassifier({ ...sizes, pooling: "mean", attentionUnits: 4, dEmbedding: 6, maxLength: 1000 }),
    );
    const random = Random.of(1, "texts");
    const texts = Array.from({ length: 120 }, () =>
      Array.from({ length: 1 + random.integer(900) }, () => WORDS[random.integer(WORDS.length)]).join(" "),
    );
    const judged = await judge.judgeAll(texts);
    expect(judged.map(({ input }) => input)).toEqual(texts);
    expect(judged.map(({ tokens }) => tokens.length)).toEqual(texts.map((text) => text.split(" ").length));
    for (const i of [0, 1, 40, 80, 119]) {
      const alone = await judge.judge(texts[i]);
      expect(relativeError(judged[i].logProbabilities, alone.logProbabilities)).toBeLessThan(1e-5);
    }
  });

  it("sums a Transformer's attention to each piece over real queries only", async () => {
    const model = new TransformerClassifier({
      ...sizes,
      numLayers: 2,
      dModel: 8,
      numHeads: 2,
      dFeedForward: 8,
      maxLength: 9,
    });
    const { judge } = await judgeWith(model, "start", { attention: true });
    const [short, long] = await judge.judgeAll(["가 나", "다 라 마 바 사 아"]);
    const alone = await judge.judge("가 나");
    expect(relativeError(short.attention!, alone.attention!)).toBeLessThan(1e-5);
    for (const { attention, tokens } of [short, long]) {
      expect(attention).toHaveLength(tokens.length);
      expect(attention!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });

  it("tells no attention where there is none, or where it was not asked for", async () => {
    const bag = new BagClassifier({ ...sizes, pooling: "mean", attentionUnits: 4, dEmbedding: 6, maxLength: 4 });
    for (const { judge } of [await judgeWith(bag, "start", { attention: true }), await judgeWith(attentive(4))]) {
      expect(await judge.judge("가 나")).not.toHaveProperty("attention");
    }
  });

  it("judges with the weights as they are now, if they are alive", async () => {
    for (const liveWeights of [true, false]) {
      const { judge, weights } = await judgeWith(attentive(4), "start", { liveWeights });
      const before = await judge.judge("가 나");
      weights.flat.fill(0);
      const after = await judge.judge("가 나");
      if (liveWeights) expect(after.probability).toBeCloseTo(1 / 3, 6);
      else expect(after.logProbabilities).toEqual(before.logProbabilities);
      expect(before.probability).toBeGreaterThan(0.34);
    }
  });

  it("refuses a text without words, and judges none of no texts", async () => {
    for (const text of ["", "  ", "?!"]) await expect(judge.judge(text)).rejects.toThrow(TextError);
    await expect(judge.judgeAll(["가", "?!"])).rejects.toThrow("the text has no words");
    expect(await judge.judgeAll([])).toEqual([]);
  });
});
