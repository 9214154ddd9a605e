import { describe, expect, it } from "vitest";
import { Decoder } from "../../src/decoding/decoder.ts";
import { greedy } from "../../src/decoding/greedy.ts";
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
    return Array.from({ length: shape[0] }, (_, i) =>
      [...data.subarray(i * shape[1], (i + 1) * shape[1])].filter((id) => id !== 0),
    );
  };
  const options = { startId: 1, endId: 2, maxTokens: settings.max_new_tokens };

  it.each([false, true])("greedy, with live weights: %s", async (liveWeights) => {
    const decoder = await Decoder.compile(await testEngine(), network, torchValues(golden, network), { liveWeights });
    const expected = rows("out.greedy").map((ids) => ids.slice(1).filter((id) => id !== 2));
    const together = await greedy(decoder, rows("in.source"), options);
    expect(together.map(({ tokens }) => tokens)).toEqual(expected);
    for (const [i, source] of rows("in.source").entries()) {
      const [alone] = await greedy(decoder, [source], options);
      expect(alone.tokens).toEqual(expected[i]);
      expect(alone.score).toBeCloseTo(together[i].score, 4);
    }
    await decoder.release();
  });
});
