import { describe, expect, it } from "vitest";
import { runOptions } from "../../src/training/run-options.ts";

/** What the study notes say of their programs; the presets of that name are these programs. */
describe("presets of the study notes", () => {
  it("notes-imdb", () => {
    const { batchSize, accumulate, ...options } = runOptions("notes-imdb", {});
    expect(batchSize! * accumulate).toBe(256);
    expect(options).toMatchObject({
      ...{ task: "classify", tokenizer: "word", vocabularySize: 10_000, lowercase: true, punctuation: "dropped" },
      ...{ maxLength: 500, truncate: "start" },
      ...{ model: "recurrent", cell: "lstm", numLayers: 2, dModel: 128, hiddenSize: 64, dropout: 0.5 },
      ...{ attention: "bahdanau", attentionUnits: 64, attendPadding: true, denseUnits: 20, denseDropout: 0.5 },
      ...{ optimizer: "adam", learningRate: 1e-3, beta2: 0.999, epsilon: 1e-7, epsilonHat: true },
      ...{ schedule: "constant" },
      ...{ weightDecay: 0, clipNorm: 0, labelSmoothing: 0, epochs: 3, keepWeights: "last", average: 1, emaDecay: 0 },
    });
  });

  it("notes-chatbot", () => {
    expect(runOptions("notes-chatbot", {})).toMatchObject({
      ...{ task: "chat", model: "transformer", vocabularySize: 8192, punctuation: "spaced", maxLength: 40 },
      ...{ numLayers: 2, dModel: 256, numHeads: 8, dFeedForward: 512, dropout: 0.1, norm: "post" },
      ...{ batchSize: 64, epochs: 50, schedule: "noam", warmupSteps: 4000 },
      ...{ optimizer: "adam", beta2: 0.98, epsilon: 1e-9, epsilonHat: true, labelSmoothing: 0 },
    });
  });
});
