import { describe, expect, it } from "vitest";
import { Decoder } from "../../src/decoding/decoder.ts";
import { decode } from "../../src/decoding/search.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { Golden, torchValues } from "./golden.ts";

describe("golden values of PyTorch: decoding", () => {
  const golden = new Golden("decoding");
  const { settings } = golden;
  const network = new Transformer({
    vocabularySize: settings.vocab,
    numLayers: settings.num_layers,
    dModel: settings.d_model,
    numHeads: settings.num_heads,
    dFeedForward: settings.d_ff,
    dropout: 0,
    maxLength: 16,
  });
  const rows = (name: string) => {
    const { shape, data } = golden.integers(name);
    const time = shape[shape.length - 1];
    return Array.from({ length: data.length / time }, (_, i) =>
      [...data.subarray(i * time, (i + 1) * time)].filter((id) => id !== 0),
    );
  };
  const sources = rows("in.source");
  const options = { startId: 1, endId: 2, maxTokens: settings.max_new_tokens };
  const withoutEnds = (ids: readonly number[]) => ids.slice(1).filter((id) => id !== 2);

  it.each([false, true])("greedy, with live weights: %s", async (liveWeights) => {
    const decoder = await Decoder.compile(await testEngine(), network, torchValues(golden, network), { liveWeights });
    const expected = rows("out.greedy").map(withoutEnds);
    const together = await decode(decoder, sources, options);
    expect(together.map(([{ tokens }]) => tokens)).toEqual(expected);
    for (const [i, source] of sources.entries()) {
      const [[alone]] = await decode(decoder, [source], options);
      expect(alone.tokens).toEqual(expected[i]);
      expect(alone.score).toBeCloseTo(together[i][0].score, 4);
    }
    await decoder.release();
  });

  it.each([false, true])("beam search, all probabilities outside the graph: %s", async (all) => {
    const decoder = await Decoder.compile(await testEngine(), network, torchValues(golden, network));
    const beam = settings.beam_size;
    const expected = rows("out.beam");
    const { data: scores } = golden.floats("out.beam_scores");
    const search = { ...options, beam, nBest: beam, lengthPenalty: "wu" as const, alpha: 0.6 };
    const constraint = all ? () => {} : undefined;
    const written = await decode(decoder, sources, { ...search, constraint });
    const found = written.flat();
    expect(found).toHaveLength(expected.length);
    for (const [i, { tokens, finished, penalisedScore }] of found.entries()) {
      expect(tokens).toEqual(withoutEnds(expected[i]));
      expect(finished).toBe(expected[i].at(-1) === 2);
      expect(Math.abs(penalisedScore - scores[i])).toBeLessThanOrEqual(1e-5);
    }
    await decoder.release();
  });
});
