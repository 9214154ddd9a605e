import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Decoder, type DecoderOptions } from "../../src/decoding/decoder.ts";
import { scoreTargets } from "../../src/decoding/forced.ts";
import type { Hypothesis } from "../../src/decoding/hypothesis.ts";
import { decode } from "../../src/decoding/search.ts";
import { RecurrentSeq2Seq } from "../../src/models/recurrent-seq2seq.ts";
import type { Seq2SeqModel } from "../../src/models/seq2seq.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const [START, END] = [1, 2];
const ids = { startId: START, endId: END };
// Large enough that every matrix is worth eight bits.
const size = { vocabularySize: 60, numLayers: 2, dropout: 0, maxLength: 14 };

const MODELS: Readonly<Record<string, Seq2SeqModel>> = {
  Transformer: new Transformer({ ...size, dModel: 48, numHeads: 4, dFeedForward: 64 }),
  "pre-norm, one table": new Transformer({
    ...size,
    ...{ dModel: 48, numHeads: 4, dFeedForward: 64, norm: "pre", tiedEmbeddings: "all" },
  }),
  "GRU, Bahdanau": new RecurrentSeq2Seq({
    ...size,
    ...{ cell: "gru", dEmbedding: 40, hiddenSize: 48, bidirectional: true, attention: "bahdanau" },
  }),
};

async function compiled(model: Seq2SeqModel, options: DecoderOptions): Promise<Decoder> {
  const weights = new FlatValues(new Layout(model.parameters()));
  initialize(weights, model.parameters(), 3);
  for (const [name, { data }] of weights.views) if (!name.includes("norm")) for (const i of data.keys()) data[i] *= 2;
  return Decoder.compile(await testEngine(), model, weights, options);
}

const random = Random.of(6, "sentences");
const words = (length: number) => Array.from({ length }, () => 3 + random.integer(57));
const sources = [3, 8, 5, 5, 5, 11, 2, 6].map((length) => [START, ...words(length), END]);

const tokensOf = (found: readonly Hypothesis[][]) => found.map((all) => all.map(({ tokens }) => tokens));

const KINDS = Object.entries(MODELS).flatMap(([name, model]) =>
  (["few", "many"] as const).map((rows) => [name, rows, model] as const),
);

describe.each(KINDS)("eight bits: %s, %s rows", (_, rows, model) => {
  let [whole, small]: Decoder[] = [];
  beforeAll(async () => {
    [whole, small] = [await compiled(model, {}), await compiled(model, { precision: "int8", rows })];
  });
  afterAll(async () => {
    for (const decoder of [whole, small]) await decoder.release();
  });

  it("say nearly what single precision says, and not quite", async () => {
    const targets = sources.map((source) => words(source.length % 7).concat(END));
    const exact = await scoreTargets(whole, sources, targets, ids);
    const found = await scoreTargets(small, sources, targets, ids);
    const values = exact.flatMap(({ logProbabilities }) => [...logProbabilities]);
    const differences = found.flatMap(({ logProbabilities }) => [...logProbabilities]).map((own, i) => own - values[i]);
    const mean = (all: readonly number[]) => all.reduce((sum, value) => sum + Math.abs(value), 0) / all.length;
    expect(mean(differences) / mean(values)).toBeGreaterThan(1e-4);
    expect(mean(differences) / mean(values)).toBeLessThan(0.04);
  });

  // For a few rows floats are added up in another order than for one, and a byte near a half then rounds otherwise.
  const digits = rows === "few" ? 1 : 3;

  it.each([1, 3])("an answer does not depend on the others of its batch, %i beams", async (beam) => {
    const options = { ...ids, beam, nBest: beam };
    const together = await decode(small, sources, options);
    const alone: Hypothesis[][] = [];
    for (const source of sources) alone.push(...(await decode(small, [source], options)));
    if (rows === "many") expect(tokensOf(together)).toEqual(tokensOf(alone));
    for (const [i, [{ score }]] of together.entries()) expect(score).toBeCloseTo(alone[i][0].score, digits);
  });

  it("search and forced decoding say the same", async () => {
    const found = await decode(small, sources, ids);
    const targets = found.map(([{ tokens, finished }]) => (finished ? [...tokens, END] : tokens));
    const scored = await scoreTargets(small, sources, targets, ids);
    for (const [i, { score }] of scored.entries()) expect(score).toBeCloseTo(found[i][0].score, digits);
  });
});

it("weights that change cannot be of eight bits", async () => {
  await expect(compiled(MODELS.Transformer, { liveWeights: true, precision: "int8" })).rejects.toThrow(
    "decode: weights that change cannot be int8",
  );
});
