import { describe, expect, it } from "vitest";
import { reshape, sum } from "../../src/graph/broadcast.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { multiply } from "../../src/graph/elementwise.ts";
import { transpose } from "../../src/graph/product.ts";
import { concat, slice } from "../../src/graph/slice.ts";
import { constant, input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { AttentionClassifier } from "../../src/models/attention-classifier.ts";
import { type Classified, idsToRead, textInputs, textValues } from "../../src/models/classifier.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, Layout } from "../../src/runtime/parameters.ts";
import { Program } from "../../src/runtime/program.ts";
import { relativeError } from "../golden/golden.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const MAX_LENGTH = 9;
const HIDDEN = 5;
const PAD = 0;

const modelOf = (cell: "rnn" | "lstm" | "gru", attendPadding: boolean) =>
  new AttentionClassifier({
    vocabularySize: 20,
    classes: 3,
    cell,
    numLayers: 2,
    dEmbedding: 6,
    hiddenSize: HIDDEN,
    pooling: "attention",
    attendPadding,
    attentionUnits: 4,
    denseUnits: 7,
    dropout: 0,
    denseDropout: 0,
    maxLength: MAX_LENGTH,
  });

/** What a Keras program computes whose layers mask padding before a text, and whose attention does not. */
function asInKeras(model: AttentionClassifier, padding: number): Classified {
  const [ids, lengths] = [input("ids", "int32", [1, "time"]), input("lengths", "int32", [1])];
  const { states, final } = model.encoder.apply(model.embedding.apply(transpose(ids)), lengths);
  const [last] = final[1];
  const zeros = constant("float32", [1, 1, HIDDEN], new Float32Array(HIDDEN));
  const before = concat([zeros, reshape(slice(last, 1, HIDDEN, 2 * HIDDEN), [1, 1, HIDDEN])], 2);
  const all = concat([...Array<Tensor>(padding).fill(before), transpose(states, [1, 0, 2])], 1);
  const whole = constant("int32", [1], Int32Array.of(MAX_LENGTH));
  const { context, weights, parts } = model.attention!.apply(last, all, whole);
  return { logits: model.head.apply(context), attention: { pooling: weights }, parts };
}

describe.each(["rnn", "lstm", "gru"] as const)("attention to padding, %s", (cell) => {
  const model = modelOf(cell, true);
  const weights = new FlatValues(new Layout(model.parameters()));
  const random = Random.of(1, cell);
  for (const { data } of weights.views.values()) data.set(Array.from(data, () => 0.6 * random.normal()));

  /** Logits, attention and the gradients of something made of the logits. */
  async function run(classified: Classified, texts: readonly (readonly number[])[]) {
    const names = model.names();
    const loss = sum(multiply(classified.logits, constant("float32", [3], Float32Array.of(1, -2, 0.5))));
    const parameters = [...model.parameters()];
    const gradients = differentiate(
      loss,
      parameters.map(([, { tensor }]) => tensor),
    );
    const outputs = Object.fromEntries(parameters.map(([name], i) => [`gradient.${name}`, gradients[i]]));
    const program = await Program.compile(
      await testEngine(),
      { logits: classified.logits, pooling: classified.attention.pooling, ...outputs },
      { parameters: names },
    );
    const result = await program.run({ ...textValues(texts, PAD), ...Object.fromEntries(weights.views) });
    await program.release();
    return Object.fromEntries(Object.entries(result).map(([name, { data }]) => [name, data as Float32Array]));
  }

  it.each([1, 4, 8])("is that to every padded place, of %i words, with its gradients", async (length) => {
    const words = Array.from({ length }, (_, i) => 3 + ((7 * i) % 17));
    const padding = MAX_LENGTH - length;
    const { pooling: ours, ...own } = await run(model.classify(textInputs()), [idsToRead(model, words, PAD)]);
    const { pooling: each, ...keras } = await run(asInKeras(model, padding), [words]);
    for (const [name, values] of Object.entries(keras)) {
      expect(relativeError(own[name], values), name).toBeLessThan(1e-5);
    }
    const front = each.subarray(0, padding).reduce((total, weight) => total + weight, 0);
    expect(front).toBeGreaterThan(0.05);
    expect(relativeError(ours, Float32Array.of(front, ...each.subarray(padding)))).toBeLessThan(1e-5);
  });

  it("is none where a text leaves no room for padding", async () => {
    const words = Array.from({ length: MAX_LENGTH }, (_, i) => 3 + i);
    const { pooling, logits } = await run(model.classify(textInputs()), [idsToRead(model, words, PAD)]);
    const plain = await run(asInKeras(model, 0), [words]);
    expect(pooling[0]).toBe(0);
    expect(relativeError(logits, plain.logits)).toBeLessThan(1e-5);
  });

  it("is counted for each text of a batch by itself", async () => {
    const texts = [[4, 9, 5, 12, 6], [7], [8, 10, 11, 13, 14, 15, 9, 3, 4], [5, 4]].map((text) =>
      idsToRead(model, text, PAD),
    );
    const { logits } = await run(model.classify(textInputs()), texts);
    for (const [row, text] of texts.entries()) {
      const alone = await run(model.classify(textInputs()), [text]);
      expect(relativeError(logits.subarray(3 * row, 3 * row + 3), alone.logits), `text ${row}`).toBeLessThan(1e-5);
    }
  });
});

it("wants a text to begin with padding only of a model that attends to it", () => {
  expect(idsToRead(modelOf("rnn", false), [5, 6], PAD)).toEqual([5, 6]);
  expect(idsToRead(modelOf("rnn", true), [5, 6], PAD)).toEqual([PAD, 5, 6]);
});
