import { describe, expect, it } from "vitest";
import type { AttentionMap, ExplainedText } from "../../src/explain/attention-map.ts";
import { ClassifierAttention } from "../../src/explain/classifier-attention.ts";
import { Seq2SeqAttention, type WritingModel } from "../../src/explain/seq2seq-attention.ts";
import { input } from "../../src/graph/source.ts";
import { AttentionClassifier } from "../../src/models/attention-classifier.ts";
import type { Classifier } from "../../src/models/classifier.ts";
import { TransformerClassifier } from "../../src/models/transformer-classifier.ts";
import { Program } from "../../src/runtime/program.ts";
import { integers, type Value } from "../../src/runtime/value.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { recurrent, tokenizer, transformer, weightsOf } from "./small-models.ts";

const explain = async (model: WritingModel, text: string, target?: string) => {
  const attention = await Seq2SeqAttention.compile(await testEngine(), model);
  const explained = await attention.explain(text, target);
  await attention.release();
  return explained;
};

const TEXT = "영화관 같이 볼까";
const TARGET = "영화 좋아요";

function expectLaws({ kind, heads, queries, keys, weights }: AttentionMap): void {
  const [rows, columns] = [queries.tokens.length, keys.tokens.length];
  expect(weights).toHaveLength(heads * rows * columns);
  for (let row = 0; row < heads * rows; row++) {
    const cells = weights.subarray(row * columns, (row + 1) * columns);
    expect(cells.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    if (kind === "decoder") expect([...cells.subarray((row % rows) + 1)].every((weight) => weight === 0)).toBe(true);
  }
}

const shapes = ({ maps }: ExplainedText) =>
  maps.map(({ kind, layer, heads, queries, keys }) => [kind, layer, heads, queries.tokens.length, keys.tokens.length]);

describe("the attention of a Transformer", () => {
  it("has every layer and head, each with its tokens; rows sum to one, none looks ahead", async () => {
    const explained = await explain(transformer(), TEXT, TARGET);
    const source = tokenizer.encode(TEXT).length + 2;
    const target = tokenizer.encode(TARGET).length + 1;
    expect(shapes(explained)).toEqual([
      ["encoder", 0, 4, source, source],
      ["encoder", 1, 4, source, source],
      ["decoder", 0, 4, target, target],
      ["decoder", 1, 4, target, target],
      ["cross", 0, 4, target, source],
      ["cross", 1, 4, target, source],
    ]);
    explained.maps.forEach(expectLaws);
    expect(explained).toMatchObject({ text: TEXT, target: { text: TARGET, given: true }, cut: 0 });
    // What the decoder read has <start>, what it wrote has <end>.
    const texts = (map: AttentionMap) => map.queries.words;
    expect(texts(explained.maps[2])).toEqual(["<start>", "영화", "좋아요"]);
    expect(texts(explained.maps[4])).toEqual(["영화", "좋아요", "<end>"]);
    expect(explained.source.words).toEqual(["<start>", "영화관", "같이", "볼까", "<end>"]);
    expect(explained.source.tokens.length).toBeGreaterThan(explained.source.words.length);
    expect(explained.source.tokens.map(({ special }) => special)).toEqual(
      explained.source.tokens.map((_, i) => i === 0 || i === source - 1),
    );
  });

  it("explains what the model writes when no target is given", async () => {
    const model = transformer(12);
    const explained = await explain(model, "영화 볼까");
    expect(explained.target?.given).toBe(false);
    const written = explained.maps.find(({ kind }) => kind === "cross")!.queries.tokens;
    const read = explained.maps.find(({ kind }) => kind === "decoder")!.queries.tokens;
    expect(read.length).toBe(written.length);
    expect(read.slice(1).map(({ piece }) => piece)).toEqual(written.slice(0, -1).map(({ piece }) => piece));
    explained.maps.forEach(expectLaws);
  });

  it.each([
    ["", undefined, /the text is empty/],
    ["영화", " ", /the target is empty/],
    ["영화 ".repeat(30), undefined, /the text has 32 tokens; this model takes at most 24/],
    ["영화", "영화 ".repeat(30), /the target has 32 tokens; this model takes at most 24/],
  ])("refuses %j with target %j", async (text, target, message) => {
    await expect(explain(transformer(), text, target)).rejects.toThrow(message);
  });
});

describe("the attention of a recurrent model", () => {
  it.each(["bahdanau", "dot"] as const)("is its alignment: %s", async (kind) => {
    const explained = await explain(recurrent(kind), TEXT, TARGET);
    expect(shapes(explained)).toEqual([["alignment", 0, 1, expect.any(Number), expect.any(Number)]]);
    explained.maps.forEach(expectLaws);
  });

  it("is refused where there is none", async () => {
    await expect(explain(recurrent("none"), TEXT)).rejects.toThrow(/this model does not attend/);
  });
});

describe.each([
  ["Transformer", transformer()],
  ["GRU with Bahdanau's attention", recurrent("bahdanau")],
] as const)("a target read at once is attended as token by token: %s", (_, writing) => {
  it("to the same weights", async () => {
    const { model, weights } = writing;
    const explained = await explain(writing, TEXT, TARGET);
    const parameters = model.names();
    const options = { parameters, values: (name: string) => weights.of(name) };
    const engine = await testEngine();
    const begun = model.begin({
      ids: input("ids", "int32", ["batch", "source"]),
      lengths: input("lengths", "int32", ["batch"]),
    });
    const named = (prefix: string, values: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
    const begin = await Program.compile(
      engine,
      { ...named("memory", begun.memory), ...named("carried", begun.carried) } as typeof begun.memory,
      options,
    );
    const inputs = (prefix: string, values: typeof begun.memory) =>
      Object.fromEntries(
        Object.entries(values).map(([name, { dtype, shape }]) => [
          name,
          input(
            `${prefix}.${name}`,
            dtype,
            shape.map((length) => (length === 0 ? "past" : length)),
          ),
        ]),
      );
    const stepped = model.step(
      input("tokens", "int32", ["batch", 1]),
      inputs("memory", begun.memory),
      inputs("carried", begun.carried),
    );
    const step = await Program.compile(
      engine,
      { ...named("next", stepped.carried), ...named("attention", stepped.attention) } as typeof begun.memory,
      options,
    );

    const source = [tokenizer.startId, ...tokenizer.encode(TEXT), tokenizer.endId];
    let state: Record<string, Value> = await begin.run({
      ids: integers([1, source.length], Int32Array.from(source)),
      lengths: integers([1], Int32Array.of(source.length)),
    });
    const read = [tokenizer.startId, ...tokenizer.encode(TARGET)];
    for (const [row, token] of read.entries()) {
      const result = await step.run({ ...state, tokens: integers([1, 1], Int32Array.of(token)) });
      for (const map of explained.maps.filter(({ kind }) => kind !== "encoder")) {
        const name = `${map.kind === "decoder" ? "decoder" : "cross"}.${map.layer}`;
        const { shape, data } = result[`attention.${name}`];
        const columns = map.keys.tokens.length;
        for (let head = 0; head < map.heads; head++) {
          for (let key = 0; key < shape[3]; key++) {
            const whole = map.weights[(head * read.length + row) * columns + key];
            expect(Number(data[head * shape[3] + key])).toBeCloseTo(whole, 5);
          }
        }
      }
      const carried = Object.entries(result).map(([name, value]) => [name.replace(/^next/, "carried"), value]);
      state = { ...state, ...Object.fromEntries(carried) };
    }
    await Promise.all([begin.release(), step.release()]);
  });
});

describe("the attention of a classifier", () => {
  const sizes = { vocabularySize: tokenizer.vocabularySize, classes: 2, denseUnits: 8, denseDropout: 0, dropout: 0 };
  const judging = (model: Classifier) => ({
    model,
    weights: weightsOf(model),
    tokenizer,
    labels: ["싫다", "좋다"],
    truncate: "end" as const,
  });

  it("is one look at the text", async () => {
    const model = new AttentionClassifier({
      ...sizes,
      cell: "lstm",
      numLayers: 1,
      dEmbedding: 8,
      hiddenSize: 6,
      pooling: "attention",
      attentionUnits: 6,
      maxLength: 3,
    });
    const attention = await ClassifierAttention.compile(await testEngine(), judging(model));
    const explained = await attention.explain(TEXT);
    expect(shapes(explained)).toEqual([["pooling", 0, 1, 1, 3]]);
    explained.maps.forEach(expectLaws);
    expect(explained.maps[0].queries.words).toEqual([explained.label!.name]);
    expect(explained.label!.probability).toBeGreaterThanOrEqual(0.5);
    expect(explained.cut).toBe(tokenizer.encode(TEXT).length - 3);
    await expect(attention.explain(" ")).rejects.toThrow("the text has no words");
  });

  it("is that of an encoder", async () => {
    const model = new TransformerClassifier({
      ...sizes,
      numLayers: 2,
      dModel: 16,
      numHeads: 2,
      dFeedForward: 16,
      maxLength: 12,
    });
    const attention = await ClassifierAttention.compile(await testEngine(), judging(model));
    const explained = await attention.explain("영화 좋아요");
    const time = tokenizer.encode("영화 좋아요").length;
    expect(shapes(explained)).toEqual([
      ["encoder", 0, 2, time, time],
      ["encoder", 1, 2, time, time],
    ]);
    explained.maps.forEach(expectLaws);
  });
});
