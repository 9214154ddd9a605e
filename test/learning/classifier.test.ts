import { describe, expect, it } from "vitest";
import { AttentionClassifier } from "../../src/models/attention-classifier.ts";
import { BagClassifier } from "../../src/models/bag-classifier.ts";
import type { Classifier } from "../../src/models/classifier.ts";
import { cosine } from "../../src/optim/schedule.ts";
import { Random } from "../../src/random/random.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { ClassifyTask, type LabelledExample } from "../../src/training/classify-task.ts";
import { train } from "../../src/training/train.ts";

const [PAD, FIRST, SECOND, OTHERS] = [0, 1, 2, 3];
const VOCABULARY = 12;

/** Different texts with two marked words among others; their class is which of the two comes first. */
function whichFirst(count: number): LabelledExample[] {
  const random = Random.of(1, "which first");
  const texts = new Map<string, LabelledExample>();
  while (texts.size < count) {
    const ids = Int32Array.from({ length: 5 + random.integer(6) }, () => OTHERS + random.integer(VOCABULARY - OTHERS));
    const places = random.shuffle([...ids.keys()]);
    const [early, late] = places.slice(0, 2).sort((a, b) => a - b);
    const label = random.integer(2);
    ids[early] = label === 0 ? FIRST : SECOND;
    ids[late] = label === 0 ? SECOND : FIRST;
    texts.set(ids.join(), { ids, label });
  }
  return [...texts.values()];
}

const sizes = { vocabularySize: VOCABULARY, classes: 2, dEmbedding: 12, denseUnits: 12, dropout: 0, denseDropout: 0 };
const engine = await openEngine();
const examples = whichFirst(1800);
const data = { train: examples.slice(0, 1400), valid: examples.slice(1400) };

/** The share of held-out texts whose class a model tells after some epochs. */
async function learnt(model: Classifier): Promise<number> {
  const schedule = (totalSteps: number) => cosine({ peak: 0.01, warmupSteps: 20, totalSteps });
  const options = { engine, epochs: 5, batchSize: 32, schedule, clipNorm: 1, keepWeights: "last" as const, seed: 1 };
  let accuracy: number | undefined;
  for await (const event of train(new ClassifyTask(model, PAD), data, options)) {
    if (event.type === "end") accuracy = event.validation?.accuracy;
  }
  return accuracy!;
}

describe("which of two words comes first", () => {
  it("is learnt by a recurrent classifier with Bahdanau's attention", async () => {
    const model = new AttentionClassifier({
      ...sizes,
      cell: "gru",
      numLayers: 1,
      hiddenSize: 12,
      pooling: "attention",
      attentionUnits: 8,
      maxLength: 10,
    });
    expect(await learnt(model)).toBeGreaterThanOrEqual(0.95);
  }, 60_000);

  it("cannot be told by a bag of words", async () => {
    expect(
      await learnt(new BagClassifier({ ...sizes, pooling: "mean", attentionUnits: 4, maxLength: 10 })),
    ).toBeLessThan(0.7);
  }, 60_000);
});
