import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Example } from "../../src/data/batches.ts";
import { Decoder } from "../../src/decoding/decoder.ts";
import { decode } from "../../src/decoding/search.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { constant, cosine } from "../../src/optim/schedule.ts";
import { Random } from "../../src/random/random.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { train, trainingMemory } from "../../src/training/train.ts";
import type { TrainOptions } from "../../src/training/train-options.ts";

const [PAD, START, END, ZERO] = [0, 1, 2, 3];

/** A string of digits and its reversal, as token ids. */
function reversal(digits: readonly number[]): Example {
  const ids = digits.map((digit) => ZERO + digit);
  return { source: Int32Array.of(START, ...ids, END), target: Int32Array.of(START, ...ids.reverse(), END) };
}

/** Different strings of three to seven digits, of which the first are not among the others. */
function reversals(count: number): Example[] {
  const random = Random.of(1, "digits");
  const strings = new Set<string>();
  while (strings.size < count) {
    strings.add(Array.from({ length: 3 + random.integer(5) }, () => random.integer(10)).join(""));
  }
  return [...strings].map((digits) => reversal([...digits].map(Number)));
}

function tinyModel(dropout: number): Transformer {
  return new Transformer({
    vocabularySize: ZERO + 10,
    numLayers: 2,
    dModel: 64,
    numHeads: 4,
    dFeedForward: 128,
    dropout,
    maxLength: 16,
    norm: "pre",
    tiedEmbeddings: "all",
  });
}

const engine = await openEngine();

/** Trains on examples; answers the weights and the mean loss of each epoch. */
async function trained(
  model: Transformer,
  examples: readonly Example[],
  options: Pick<TrainOptions, "epochs" | "batchSize" | "schedule" | "seed">,
) {
  const memory = trainingMemory(model, options);
  const losses: number[] = [];
  for await (const event of train(new Seq2SeqTask(model, PAD), { train: examples }, { ...options, engine }, memory)) {
    if (event.type === "epoch") losses.push(event.loss);
  }
  return { weights: memory.weights, losses };
}

describe("a Transformer", () => {
  it("memorises one batch", async () => {
    const schedule = () => constant({ peak: 3e-3, warmupSteps: 10 });
    const options = { epochs: 100, batchSize: 16, schedule, seed: 1 };
    const { losses } = await trained(tinyModel(0), reversals(16), options);
    expect(losses[0]).toBeGreaterThan(2);
    expect(losses.at(-1)).toBeLessThan(0.05);
  }, 60_000);

  it("learns to reverse digits that it has never read", async () => {
    const model = tinyModel(0);
    const [heldOut, examples] = [reversals(4200).slice(0, 200), reversals(4200).slice(200)];
    const schedule = (totalSteps: number) => cosine({ peak: 3e-3, warmupSteps: 50, totalSteps });
    const { weights } = await trained(model, examples, { epochs: 10, batchSize: 64, schedule, seed: 1 });
    const decoder = await Decoder.compile(engine, model, weights);
    const written = await decode(
      decoder,
      heldOut.map(({ source }) => source),
      { startId: START, endId: END },
    );
    await decoder.release();
    // Every place of the right answer, its end too, must hold the right token.
    const places = heldOut.flatMap(({ target }, i) => {
      const tokens = [...written[i][0].tokens, END];
      return Array.from(target.subarray(1), (token, place) => tokens[place] === token);
    });
    const accuracy = places.filter((right) => right).length / places.length;
    expect(accuracy).toBeGreaterThan(0.98);
  }, 180_000);

  it("is the same to the byte for the same seed, and another for another", async () => {
    const examples = reversals(300);
    const sha256 = async (seed: number) => {
      const schedule = () => constant({ peak: 1e-3, warmupSteps: 0 });
      const { weights } = await trained(tinyModel(0.1), examples, { epochs: 3, batchSize: 32, schedule, seed });
      return createHash("sha256").update(weights.flat).digest("hex");
    };
    const first = await sha256(1);
    expect(await sha256(1)).toBe(first);
    expect(await sha256(2)).not.toBe(first);
  }, 60_000);
});
