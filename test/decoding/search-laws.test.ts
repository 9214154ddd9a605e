import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Decoder, type DecoderOptions } from "../../src/decoding/decoder.ts";
import { scoreTargets } from "../../src/decoding/forced.ts";
import type { Hypothesis } from "../../src/decoding/hypothesis.ts";
import { lengthPenalty } from "../../src/decoding/length-penalty.ts";
import { decode, search } from "../../src/decoding/search.ts";
import type { SearchOptions } from "../../src/decoding/search-options.ts";
import { RecurrentSeq2Seq } from "../../src/models/recurrent-seq2seq.ts";
import type { Seq2SeqModel } from "../../src/models/seq2seq.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const [START, END] = [1, 2];
const ids = { startId: START, endId: END };
const maxLength = 12;

const transformer = (vocabularySize: number) =>
  new Transformer({ vocabularySize, numLayers: 2, dModel: 16, numHeads: 4, dFeedForward: 24, dropout: 0, maxLength });

const recurrent = (cell: "lstm" | "gru", attention: "bahdanau" | "dot") => (vocabularySize: number) =>
  new RecurrentSeq2Seq({
    vocabularySize,
    cell,
    numLayers: 2,
    dEmbedding: 10,
    hiddenSize: 16,
    bidirectional: true,
    attention,
    dropout: 0,
    maxLength,
  });

const MODELS: Readonly<Record<string, (vocabularySize: number) => Seq2SeqModel>> = {
  Transformer: transformer,
  "LSTM, Bahdanau": recurrent("lstm", "bahdanau"),
  "GRU, Luong's dot": recurrent("gru", "dot"),
};

/** A model with random weights that has clear opinions, and does not like to end a sentence. */
async function opinionated(model: Seq2SeqModel, options: DecoderOptions = {}): Promise<Decoder> {
  const weights = new FlatValues(new Layout(model.parameters()));
  initialize(weights, model.parameters(), 3);
  for (const [name, { data }] of weights.views) if (!name.includes("norm")) for (const i of data.keys()) data[i] *= 2.5;
  weights.of("output.bias")[END] = -1;
  return Decoder.compile(await testEngine(), model, weights, options);
}

const random = Random.of(2, "sentences");
const sources = [4, 2, 7, 5, 3, 9].map((length) => [
  START,
  ...Array.from({ length }, () => 3 + random.integer(14)),
  END,
]);

/** Fails unless both hold the same hypotheses with scores as close as sums of float32 can be. */
function expectSame(actual: readonly Hypothesis[][], expected: readonly Hypothesis[][], what = ""): void {
  const tokens = (all: readonly Hypothesis[][]) => all.map((one) => one.map((h) => [...h.tokens, h.finished]));
  expect(tokens(actual), what).toEqual(tokens(expected));
  for (const [i, hypothesis] of actual.flat().entries()) {
    expect(hypothesis.score).toBeCloseTo(expected.flat()[i].score, 4.7);
    expect(hypothesis.penalisedScore).toBeCloseTo(expected.flat()[i].penalisedScore, 4.7);
  }
}

/** Searches, from the plainest on. */
const SEARCHES: readonly [string, SearchOptions][] = [
  ["greedy", {}],
  ["three beams", { beam: 3, nBest: 3 }],
  ["penalties", { beam: 4, nBest: 4, lengthPenalty: "wu", coverage: 0.3 }],
  ["rules", { beam: 2, nBest: 2, noRepeatNgram: 2, repetitionPenalty: 1.3, minTokens: { times: 0.5 } }],
  ["samples", { sampling: { temperature: 0.9, topP: 0.9 }, nBest: 3 }],
  ["samples of the top", { sampling: { topK: 4, seed: 8 }, nBest: 2 }],
];

describe.each(Object.entries(MODELS))("laws of search: %s", (_, make) => {
  let decoder: Decoder;
  let joinable: Decoder;
  const run = (options: SearchOptions = {}, of = sources) => decode(decoder, of, { ...ids, ...options });

  beforeAll(async () => {
    decoder = await opinionated(make(17));
    joinable = await opinionated(make(17), { joining: true });
  });
  afterAll(() => Promise.all([decoder.release(), joinable.release()]));

  it.each(SEARCHES)("a batch gives what its sentences give one by one, %s", async (_name, search) => {
    const options: SearchOptions = { ...search, maxTokens: { times: 1, plus: 1 } };
    const together = await run(options);
    const alone: Hypothesis[][] = [];
    for (const source of sources) alone.push(...(await run(options, [source])));
    expectSame(together, alone);
    const lengths = together.map((all) => Math.max(...all.map(({ tokens }) => tokens.length)));
    expect(new Set(lengths).size, "sentences leave the batch at different times").toBeGreaterThan(2);
    for (const scores of together.map((all) => all.map(({ penalisedScore }) => penalisedScore))) {
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  });

  it.each(SEARCHES)("sentences that join others are written as alone, %s", async (_name, given) => {
    const options: SearchOptions = { ...given, maxTokens: { times: 1, plus: 1 }, attention: true };
    // By the step before which they come: two that are over soon, then long and short ones, alone and together.
    const coming = new Map([
      [2, [sources[2]]],
      [4, [sources[3], sources[4], sources[5]]],
      [5, [sources[1]]],
      [11, [sources[0], sources[2]]],
    ]);
    const all = [sources[1], sources[0], ...[...coming.values()].flat()];
    let step = 1;
    const arrivals = () => (coming.get(step) ?? []).map((source) => ({ source }));
    const found: Hypothesis[][] = [];
    for await (const { step: done, ended } of search(joinable, all.slice(0, 2), { ...ids, ...options, arrivals })) {
      step = done + 1;
      for (const { sentence, hypotheses } of ended) found[sentence] = [...hypotheses];
    }
    expect(step).toBeGreaterThan(12);
    const alone: Hypothesis[][] = [];
    for (const source of all) alone.push(...(await run(options, [source])));
    expectSame(found, alone);
    for (const [i, { attention }] of found.flat().entries()) {
      const expected = alone.flat()[i].attention;
      expect(attention).toHaveLength(expected.length);
      for (const [at, seen] of attention.entries()) {
        for (const [name, { weights, ...shape }] of Object.entries(seen)) {
          const { weights: own, ...ownShape } = expected[at][name];
          expect(shape).toEqual(ownShape);
          for (const [key, weight] of weights.entries()) expect(weight).toBeCloseTo(own[key], 5);
        }
      }
    }
  });

  it("others go on where a sentence is at its greatest length, and whoever joined after it", async () => {
    const options: SearchOptions = { minTokens: maxLength };
    let step = 1;
    // Four that go on when the first is cut off: too few are over for the batch to be made smaller.
    const coming = sources.slice(1, 5);
    const arrivals = () => (step === 2 ? coming.map((source) => ({ source })) : []);
    const found: Hypothesis[][] = [];
    for await (const progress of search(joinable, [sources[0]], { ...ids, ...options, arrivals })) {
      step = progress.step + 1;
      for (const { sentence, hypotheses } of progress.ended) found[sentence] = [...hypotheses];
    }
    expect(step).toBe(maxLength + 2);
    const alone: Hypothesis[][] = [];
    for (const source of [sources[0], ...coming]) alone.push(...(await run(options, [source])));
    expectSame(found, alone);
  });

  it("what the graph chooses is what all probabilities say", async () => {
    const constraint = () => {};
    for (const options of [{}, { beam: 3, nBest: 3 }, { sampling: { topK: 5 }, nBest: 2 }]) {
      expectSame(await run(options), await run({ ...options, constraint }), JSON.stringify(options));
    }
  });

  it("one beam, the likeliest of draws, and draws without any heat are greedy", async () => {
    const greedy = await run();
    expectSame(await run({ beam: 1 }), greedy);
    for (const sampling of [{ topK: 1 }, { temperature: 0 }, { temperature: 1e-4 }, { topP: 1e-9 }]) {
      expectSame(await run({ sampling }), greedy, JSON.stringify(sampling));
    }
  });

  it("draws follow from the seed", async () => {
    const sampled = (seed: number) => run({ sampling: { seed, temperature: 1.5 } });
    expectSame(await sampled(3), await sampled(3));
    const tokens = async (seed: number) => JSON.stringify((await sampled(seed)).map(([best]) => best.tokens));
    expect(await tokens(4)).not.toBe(await tokens(3));
  });

  it("no tokens are written twice in a row where that is forbidden, and no sentence is too short or too long", async () => {
    const found = await run({ beam: 3, nBest: 3, noRepeatNgram: 2, minTokens: 5, maxTokens: 9 });
    for (const { tokens, finished } of found.flat()) {
      const pairs = tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`);
      expect(new Set(pairs).size).toBe(pairs.length);
      const length = tokens.length + (finished ? 1 : 0);
      expect(length).toBeGreaterThanOrEqual(5);
      expect(length).toBeLessThanOrEqual(9);
    }
  });

  it("forced decoding says what search says, attention included", async () => {
    const found = await run({ beam: 3, nBest: 3, attention: true });
    const flat = found.flatMap((all, i) => all.map((hypothesis) => ({ source: sources[i], hypothesis })));
    const scored = await scoreTargets(
      decoder,
      flat.map(({ source }) => source),
      flat.map(({ hypothesis: { tokens, finished } }) => [...tokens, ...(finished ? [END] : [])]),
      { startId: START, attention: true },
    );
    for (const [i, { source, hypothesis }] of flat.entries()) {
      expect(scored[i].score).toBeCloseTo(hypothesis.score, 4);
      expect(scored[i].attention).toHaveLength(hypothesis.attention.length);
      for (const [step, seen] of hypothesis.attention.entries()) {
        expect(seen["cross.0"].keys).toBe(source.length);
        for (const [name, { weights, ...shape }] of Object.entries(seen)) {
          const { weights: forced, ...forcedShape } = scored[i].attention[step][name];
          expect(forcedShape, name).toEqual(shape);
          for (const [at, weight] of weights.entries()) expect(weight).toBeCloseTo(forced[at], 5);
        }
      }
    }
  });
});

describe.each(Object.entries(MODELS))("search that leaves nothing out: %s", (_, make) => {
  const [vocabulary, maxTokens] = [5, 4];
  const source = [START, 3, 4, 3, END];

  /** Everything that can be written: ended sentences of up to four tokens, and four tokens that were cut off. */
  function everything(prefix: number[] = []): number[][] {
    if (prefix.at(-1) === END || prefix.length === maxTokens) return [prefix];
    return Array.from({ length: vocabulary }, (_, token) => everything([...prefix, token])).flat();
  }

  it.each<[string, SearchOptions]>([
    ["no penalty", {}],
    ["wu", { lengthPenalty: "wu", alpha: 0.8 }],
    ["average", { lengthPenalty: "average" }],
  ])("finds the best of all there is, %s", async (_name, options) => {
    const decoder = await opinionated(make(vocabulary));
    const targets = everything();
    expect(targets).toHaveLength(1 + 4 + 16 + 64 + 256);
    const all = await scoreTargets(
      decoder,
      targets.map(() => source),
      targets,
      { startId: START },
    );
    const penalty = lengthPenalty(options.lengthPenalty, options.alpha);
    const best = targets
      .map((target, i) => ({ target, score: all[i].score / penalty(target.length) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 20);
    const beam = targets.length;
    const [found] = await decode(decoder, [source], { ...ids, ...options, maxTokens, beam, nBest: 20 });
    const written = found.map(({ tokens, finished }) => [...tokens, ...(finished ? [END] : [])]);
    expect(written).toEqual(best.map(({ target }) => target));
    for (const [i, { penalisedScore }] of found.entries()) expect(penalisedScore).toBeCloseTo(best[i].score, 4);
    const [[greedy]] = await decode(decoder, [source], { ...ids, ...options, maxTokens });
    expect(found[0].penalisedScore).toBeGreaterThanOrEqual(greedy.penalisedScore - 1e-5);
    await decoder.release();
  });
});

describe("scoreTargets", () => {
  it("refuses what it cannot score", async () => {
    const decoder = await opinionated(transformer(17));
    const options = { startId: START };
    await expect(scoreTargets(decoder, [[1, 3, 2]], [], options)).rejects.toThrow("1 sources came with 0 targets");
    await expect(scoreTargets(decoder, [[1, 3, 2]], [[]], options)).rejects.toThrow("a target has no tokens");
    await expect(scoreTargets(decoder, [[1, 3, 2]], [new Int32Array(13)], options)).rejects.toThrow(
      "a target has 13 tokens; the model takes at most 12",
    );
    expect(await scoreTargets(decoder, [], [], options)).toEqual([]);
    await decoder.release();
  });
});
