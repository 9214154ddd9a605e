import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ClassifierOptions,
  classifierConfigOf,
  classifierOf,
  labelsOf,
} from "../../src/formats/classifier-config.ts";
import { loadClassifier, saveModelFolder } from "../../src/formats/model-folder.ts";
import { input } from "../../src/graph/source.ts";
import type { Classifier } from "../../src/models/classifier.ts";
import { TransformerClassifier } from "../../src/models/transformer-classifier.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Program } from "../../src/runtime/program.ts";
import { integers } from "../../src/runtime/value.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { relativeError } from "../golden/golden.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-classifier-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tokenizer = Tokenizer.train(["가 나 다 라 마 바 사 아 자 차 카 타 파 하"], {
  kind: "word",
  vocabularySize: 32,
  minimumFrequency: 1,
});

const options = (changes: Partial<ClassifierOptions>): ClassifierOptions => ({
  model: "recurrent",
  numLayers: 2,
  dModel: 12,
  numHeads: 3,
  dFeedForward: 20,
  norm: "pre",
  cell: "lstm",
  hiddenSize: 8,
  attention: "bahdanau",
  attendPadding: false,
  attentionUnits: 6,
  denseUnits: 10,
  dropout: 0.3,
  denseDropout: 0.3,
  maxLength: 9,
  truncate: "start",
  ...changes,
});

const recurrent = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  (["bahdanau", "none"] as const).map((attention): [string, ClassifierOptions] => [
    `${cell}, attention ${attention}`,
    options({ cell, attention }),
  ]),
);
const kinds: [kind: string, options: ClassifierOptions][] = [
  ...recurrent,
  ["Transformer, pre-norm", options({ model: "transformer", norm: "pre" })],
  ["Transformer, post-norm", options({ model: "transformer", norm: "post" })],
  ["bag of words", options({ model: "bag", attention: "none" })],
  ["bag of words, weighed", options({ model: "bag" })],
];
const cases = kinds.flatMap(([kind, chosen]) =>
  [2, 5].map((classes): [string, number, ClassifierOptions] => [kind, classes, chosen]),
);

/** Four texts, the second a single word. */
const texts = [[4, 9, 5, 12, 6], [7], [8, 10, 11, 13, 14, 15, 9], [5, 4]];
/** Longer than any text, so that every row has padding. */
const TIME = 8;

async function compile(model: Classifier, weights: FlatValues) {
  const source = { ids: input("ids", "int32", ["batch", "time"]), lengths: input("lengths", "int32", ["batch"]) };
  const { logits, attention } = model.classify(source);
  const program = await Program.compile(await testEngine(), { ...attention, logits }, { parameters: model.names() });
  /** Texts side by side, filled up with an id. */
  const classify = async (rows: readonly (readonly number[])[], time: number, padding = 0) => {
    const ids = Int32Array.from(rows.flatMap((row) => Array.from({ length: time }, (_, i) => row[i] ?? padding)));
    const lengths = Int32Array.from(rows, ({ length }) => length);
    const { logits, ...attention } = await program.run({
      ids: integers([rows.length, time], ids),
      lengths: integers([rows.length], lengths),
      ...Object.fromEntries(weights.views),
    });
    return { logits: logits.data as Float32Array, attention };
  };
  return { classify, release: () => program.release() };
}

describe.each(cases)("laws of a classifier: %s, %i classes", (kind, classes, chosen) => {
  const config = classifierConfigOf(
    chosen,
    tokenizer,
    Array.from({ length: classes }, (_, i) => `class ${i}`),
  );
  const model = classifierOf(config);
  const weights = new FlatValues(new Layout(model.parameters()));
  const random = Random.of(3, kind);
  // Larger than fresh ones, biases too, so that every difference shows.
  for (const { data } of weights.views.values()) data.set(Array.from(data, () => 0.5 * random.normal()));
  let made: Awaited<ReturnType<typeof compile>>;
  let together: Float32Array;
  const rowOf = (logits: Float32Array, row: number) => logits.subarray(row * classes, (row + 1) * classes);

  beforeAll(async () => {
    made = await compile(model, weights);
    together = (await made.classify(texts, TIME)).logits;
  });
  afterAll(() => made.release());

  it("gives a logit a class, other ones to another text", () => {
    expect(together).toHaveLength(texts.length * classes);
    for (const row of [1, 2, 3]) {
      expect(relativeError(rowOf(together, row), rowOf(together, 0))).toBeGreaterThan(1e-3);
    }
    if (classes === 2) for (let row = 0; row < texts.length; row++) expect(together[2 * row]).toBe(0);
  });

  it("does not see padding", async () => {
    expect((await made.classify(texts, TIME, 15)).logits).toEqual(together);
    expect(relativeError((await made.classify(texts, 7)).logits, together)).toBeLessThan(1e-5);
  });

  it("gives a text in a batch what it gives it alone", async () => {
    for (const [row, text] of texts.entries()) {
      const alone = (await made.classify([text], text.length)).logits;
      expect(relativeError(rowOf(together, row), alone), `row ${row}`).toBeLessThan(1e-5);
    }
  });

  it("does not mind the order of the rows", async () => {
    const order = [2, 0, 3, 1];
    const { logits } = await made.classify(
      order.map((row) => texts[row]),
      TIME,
    );
    for (const [at, row] of order.entries()) {
      expect(relativeError(rowOf(logits, at), rowOf(together, row))).toBeLessThan(1e-6);
    }
  });

  it(`${kind.startsWith("bag") ? "does not see" : "sees"} the order of the words`, async () => {
    const { logits } = await made.classify([texts[0].toReversed()], texts[0].length);
    const difference = relativeError(logits, rowOf(together, 0));
    if (kind.startsWith("bag")) expect(difference).toBeLessThan(1e-5);
    else expect(difference).toBeGreaterThan(1e-3);
  });

  it("attends to real words only, with 1 in all", async () => {
    const { attention } = await made.classify(texts, TIME);
    const names = chosen.model === "transformer" ? ["encoder.0", "encoder.1"] : ["pooling"];
    const attends = chosen.model === "transformer" || chosen.attention === "bahdanau";
    expect(Object.keys(attention)).toEqual(attends ? names : []);
    for (const { shape, data } of Object.values(attention)) {
      const [batch, heads, queries, keys] = shape;
      expect(shape).toEqual([
        texts.length,
        chosen.model === "transformer" ? 3 : 1,
        chosen.model === "transformer" ? TIME : 1,
        TIME,
      ]);
      for (let row = 0; row < batch * heads * queries; row++) {
        const { length } = texts[Math.floor(row / (heads * queries))];
        const of = (data as Float32Array).subarray(row * keys, (row + 1) * keys);
        expect(of.subarray(0, length).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
        expect(of.subarray(length).every((weight) => weight === 0)).toBe(true);
      }
    }
  });

  it("is the same when it was saved and loaded", async () => {
    const place = join(folder, `${kind} ${classes}`);
    await saveModelFolder(place, { config, weights, tokenizer }, {});
    const loaded = await loadClassifier(place);
    expect(loaded.config).toEqual(config);
    expect(labelsOf(loaded.config)).toEqual(Array.from({ length: classes }, (_, i) => `class ${i}`));
    expect(loaded.model.classes).toBe(classes);
    const { classify, release } = await compile(loaded.model, loaded.weights);
    expect((await classify(texts, TIME)).logits).toEqual(together);
    await release();
  });
});

describe("a Transformer that classifies", () => {
  it("adds normEpsilon in its last normalisation too", async () => {
    const model = new TransformerClassifier({
      vocabularySize: 16,
      classes: 3,
      numLayers: 1,
      dModel: 12,
      numHeads: 3,
      dFeedForward: 20,
      denseUnits: 10,
      dropout: 0,
      denseDropout: 0,
      maxLength: 9,
      norm: "pre",
      normEpsilon: 1e12,
    });
    const weights = new FlatValues(new Layout(model.parameters()));
    initialize(weights, model.parameters(), 1);
    const { classify, release } = await compile(model, weights);
    const { logits } = await classify([[4, 9, 5], [7]], TIME);
    // Beside so much any variance is nothing: every text becomes the same vector, of zeros.
    for (const logit of logits) expect(logit).toBeCloseTo(0, 4);
    await release();
  });
});

describe("a classifier", () => {
  it("wants two classes or more, numbered from 0", async () => {
    const config = classifierConfigOf(options({ model: "bag" }), tokenizer, ["a", "b"]);
    const weights = new FlatValues(new Layout(classifierOf(config).parameters()));
    const wrong: Record<string, string>[] = [{ 0: "a" }, { 1: "a", 2: "b" }];
    for (const id2label of wrong) {
      await saveModelFolder(join(folder, "wrong"), { config: { ...config, id2label }, weights, tokenizer }, {});
      await expect(loadClassifier(join(folder, "wrong"))).rejects.toThrow(
        /config\.json: .*wants at least two classes, numbered from 0/,
      );
    }
  });
});
