import { describe, expect, it } from "vitest";
import { makeBatch } from "../../src/data/batches.ts";
import { Decoder } from "../../src/decoding/decoder.ts";
import { decode } from "../../src/decoding/search.ts";
import { input } from "../../src/graph/source.ts";
import { RecurrentSeq2Seq, type RecurrentSeq2SeqOptions } from "../../src/models/recurrent-seq2seq.ts";
import type { Seq2SeqModel } from "../../src/models/seq2seq.ts";
import { Transformer, type TransformerOptions } from "../../src/models/transformer.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Program } from "../../src/runtime/program.ts";
import { integers, type Value } from "../../src/runtime/value.ts";
import { batchFeeds, Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { stepProgram } from "../../src/training/step-program.ts";
import { relativeError } from "../golden/golden.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const VOCABULARY = 17;

const transformer = (options: Partial<TransformerOptions> = {}) =>
  new Transformer({
    vocabularySize: VOCABULARY,
    numLayers: 2,
    dModel: 16,
    numHeads: 4,
    dFeedForward: 24,
    dropout: 0.1,
    maxLength: 12,
    ...options,
  });

const recurrent = (options: Partial<RecurrentSeq2SeqOptions> = {}) =>
  new RecurrentSeq2Seq({
    vocabularySize: VOCABULARY,
    cell: "lstm",
    numLayers: 2,
    dEmbedding: 10,
    hiddenSize: 16,
    bidirectional: true,
    attention: "bahdanau",
    dropout: 0.1,
    maxLength: 12,
    ...options,
  });

async function build(model: Seq2SeqModel) {
  const weights = new FlatValues(new Layout(model.parameters()));
  initialize(weights, model.parameters(), 3);
  const source = {
    ids: input("sourceIds", "int32", ["batch", "source"]),
    lengths: input("sourceLengths", "int32", ["batch"]),
  };
  const target = input("decoderInput", "int32", ["batch", "target"]);
  const logits = model.teach(source, target, input("positions", "int32", ["tokens"]));
  const program = await Program.compile(await testEngine(), { logits }, { parameters: model.names() });
  const run = async (feeds: Record<string, Value>) =>
    (await program.run({ ...feeds, ...Object.fromEntries(weights.views) })).logits.data as Float32Array;
  return { model, weights, run };
}

const random = Random.of(1, "sentences");
const sentence = (length: number) => Int32Array.from({ length }, () => 3 + random.integer(VOCABULARY - 3));
const examples = [5, 3, 7].map((length) => ({ source: sentence(length), target: sentence(length + 2) }));
const rowOf = (logits: Float32Array, row: number) => logits.subarray(row * VOCABULARY, (row + 1) * VOCABULARY);

const models: Readonly<Record<string, () => Seq2SeqModel>> = {
  "Transformer, post-norm, separate tables": () => transformer(),
  "Transformer, pre-norm, all tables tied": () => transformer({ norm: "pre", tiedEmbeddings: "all" }),
  "Transformer, post-norm, target and output tied": () => transformer({ tiedEmbeddings: "target" }),
  "LSTM both ways, Bahdanau": () => recurrent(),
  "GRU, Luong's dot": () => recurrent({ cell: "gru", bidirectional: false, attention: "dot" }),
  "GRU both ways, Luong's general, one layer": () => recurrent({ cell: "gru", numLayers: 1, attention: "general" }),
  "tanh, no attention": () => recurrent({ cell: "rnn", bidirectional: false, attention: "none" }),
};

describe.each(Object.entries(models))("laws of an encoder-decoder: %s", (_, make) => {
  it("does not see padding", async () => {
    const { run } = await build(make());
    const batch = makeBatch(examples, [0, 1, 2], 0);
    const feeds = batchFeeds(batch);
    const before = await run(feeds);
    const source = batch.sourceIds.slice();
    const target = batch.decoderInput.slice();
    for (let i = 0; i < source.length; i++) if (source[i] === 0) source[i] = 5;
    for (let i = 0; i < target.length; i++) if (target[i] === 0) target[i] = 5;
    const after = await run({
      ...feeds,
      sourceIds: integers([batch.size, batch.sourceTime], source),
      decoderInput: integers([batch.size, batch.targetTime], target),
    });
    expect(after).toEqual(before);
  });

  it("does not see the future", async () => {
    const { run } = await build(make());
    const batch = makeBatch(examples, [0], 0);
    const before = await run(batchFeeds(batch));
    const changed = batch.decoderInput.slice();
    const at = 3;
    changed[at] = changed[at] === 4 ? 5 : 4;
    const after = await run({ ...batchFeeds(batch), decoderInput: integers([1, batch.targetTime], changed) });
    expect(after.subarray(0, at * VOCABULARY)).toEqual(before.subarray(0, at * VOCABULARY));
    expect(relativeError(after.subarray(at * VOCABULARY), before.subarray(at * VOCABULARY))).toBeGreaterThan(1e-3);
  });

  it("gives a batch what it gives each sentence alone", async () => {
    const { run } = await build(make());
    const together = await run(batchFeeds(makeBatch(examples, [0, 1, 2], 0)));
    let row = 0;
    for (const index of [0, 1, 2]) {
      const alone = await run(batchFeeds(makeBatch(examples, [index], 0)));
      const size = alone.length;
      expect(relativeError(together.subarray(row, row + size), alone)).toBeLessThan(1e-5);
      row += size;
    }
  });

  it("decodes with its cache what the full pass says", async () => {
    const { model, weights, run } = await build(make());
    const decoder = await Decoder.compile(await testEngine(), model, weights, { attention: true });
    const options = { startId: 1, endId: 2, maxTokens: 8, attention: true };
    const [[hypothesis]] = await decode(decoder, [examples[0].source], options);
    const target = Int32Array.of(1, ...hypothesis.tokens, 2);
    const logits = await run(batchFeeds(makeBatch([{ source: examples[0].source, target }], [0], 0)));
    hypothesis.tokens.forEach((token, i) => {
      const row = rowOf(logits, i);
      expect(row.indexOf(Math.max(...row))).toBe(token);
    });
    for (const step of hypothesis.attention) {
      for (const { heads, keys, weights: attention } of Object.values(step)) {
        for (let head = 0; head < heads; head++) {
          const total = attention.subarray(head * keys, (head + 1) * keys).reduce((a, b) => a + b, 0);
          expect(total).toBeCloseTo(1, 5);
        }
      }
    }
    await decoder.release();
  });
});

describe("Transformer", () => {
  it("shares tables that are tied", async () => {
    const names = async (tiedEmbeddings: "none" | "target" | "all") =>
      [...(await build(transformer({ tiedEmbeddings }))).model.parameters().keys()].filter(
        (name) => /mbedding|output\.w/.test(name) && !name.includes("ttention"),
      );
    expect(await names("none")).toEqual(["sourceEmbedding.weight", "targetEmbedding.weight", "output.weight"]);
    expect(await names("target")).toEqual(["sourceEmbedding.weight", "targetEmbedding.weight"]);
    expect(await names("all")).toEqual(["sourceEmbedding.weight"]);
  });

  it("refuses heads that do not divide its width", () => {
    expect(() => transformer({ numHeads: 3 })).toThrow("numHeads must divide dModel; got 3 heads for dModel 16");
  });

  it("refuses sources that are empty or too long", async () => {
    const { model, weights } = await build(transformer());
    const decoder = await Decoder.compile(await testEngine(), model, weights);
    await expect(decoder.begin([[]])).rejects.toThrow("a source has no tokens");
    await expect(decoder.begin([new Int32Array(13)])).rejects.toThrow("13 tokens; the model takes at most 12");
    await decoder.release();
  });
});

describe("RecurrentSeq2Seq", () => {
  it("refuses states that cannot be halved", () => {
    expect(() => recurrent({ hiddenSize: 15 })).toThrow("wants an even hiddenSize; got 15");
  });

  it("has attention weights where it has attention", () => {
    const names = (attention: RecurrentSeq2SeqOptions["attention"]) => {
      const model = recurrent({ attention });
      const source = { ids: input("ids", "int32", ["batch", "source"]), lengths: input("lengths", "int32", ["batch"]) };
      const { memory, carried } = model.begin(source);
      return Object.keys(model.step(input("tokens", "int32", ["batch", 1]), memory, carried).attention);
    };
    expect(names("none")).toEqual([]);
    expect(names("bahdanau")).toEqual(["cross.0"]);
  });
});

describe("dropout of recurrent models", () => {
  it.each(["none", "dot", "general", "bahdanau"] as const)(
    "draws a mask of its own for every step: %s",
    (attention) => {
      const { lowered } = stepProgram(new Seq2SeqTask(recurrent({ attention, numLayers: 3 }), 0), 0);
      const masks = lowered.inputs.filter(({ kind }) => kind === "mask").map(({ shape }) => shape.join(" "));
      const [embeddings, states] = [(axis: string) => `${axis} batch 10`, (axis: string) => `${axis} batch 16`];
      const wanted = (axis: string) => [embeddings(axis), states(axis), states(axis)];
      expect(masks.sort()).toEqual([...wanted("source"), ...wanted("target")].sort());
    },
  );
});
