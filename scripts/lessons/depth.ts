import { add } from "../../src/graph/elementwise.ts";
import { input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { MultiHeadAttention } from "../../src/nn/attention.ts";
import { FeedForward } from "../../src/nn/feed-forward.ts";
import { Module } from "../../src/nn/module.ts";
import { LayerNorm } from "../../src/nn/norm.ts";
import { Random } from "../../src/random/random.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats } from "../../src/runtime/value.ts";
import { rounded } from "./rounded.ts";

const [LAYERS, WORDS, WIDTH] = [24, 12, 64];

/** The sublayers of one encoder layer, to be joined with or without a residual and a normalisation. */
class Sublayers extends Module {
  readonly attention = new MultiHeadAttention(WIDTH, 4);
  readonly feedForward = new FeedForward(WIDTH, 2 * WIDTH);
  readonly norms = [new LayerNorm(WIDTH), new LayerNorm(WIDTH)];
}

class Tower extends Module {
  readonly layers = Array.from({ length: LAYERS }, () => new Sublayers());
}

interface Joints {
  readonly residual: boolean;
  readonly norm: boolean;
}

/** What comes out of each layer. */
function outputsOf({ layers }: Tower, x: Tensor, { residual, norm }: Joints): Record<string, Tensor> {
  let y = x;
  return Object.fromEntries(
    layers.map(({ attention, feedForward, norms }, i) => {
      const sublayers = [
        (inner: Tensor) => attention.attend(inner, attention.keysAndValues(inner)).context,
        (inner: Tensor) => feedForward.apply(inner),
      ];
      sublayers.forEach((sublayer, part) => {
        const made = sublayer(norm ? norms[part].apply(y) : y);
        y = residual ? add(y, made) : made;
      });
      return [`layer ${i}`, y];
    }),
  );
}

/**
 * What becomes of random words in a deep encoder with fresh weights: the size of the numbers after each layer (root mean
 * square), and of what tells the words apart (the same of the distance from the mean word).
 */
export async function depthNumbers(engine: Engine, seed: number) {
  const model = new Tower();
  const weights = new FlatValues(new Layout(model.parameters()));
  initialize(weights, model.parameters(), seed);
  const random = Random.of(seed, "depth");
  const words = floats(
    [1, WORDS, WIDTH],
    Float32Array.from({ length: WORDS * WIDTH }, () => random.normal()),
  );
  const measured = async (joints: Joints) => {
    const outputs = outputsOf(model, input("x", "float32", [1, WORDS, WIDTH]), joints);
    const program = await Program.compile(engine, outputs, {
      parameters: model.names(),
      values: (name) => weights.of(name),
    });
    const results = await program.run({ x: words });
    await program.release();
    const layers = Object.keys(outputs).map((name) => results[name].data as Float32Array);
    return {
      ...joints,
      size: rounded(layers.map(rootMeanSquare), 3),
      apart: rounded(layers.map(fromMeanWord).map(rootMeanSquare), 3),
    };
  };
  const settings: Joints[] = [true, false].flatMap((residual) => [true, false].map((norm) => ({ residual, norm })));
  const towers = [];
  for (const joints of settings) towers.push(await measured(joints));
  return { words: WORDS, width: WIDTH, towers };
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

function fromMeanWord(values: Float32Array): Float32Array {
  const mean = Array.from({ length: WIDTH }, (_, feature) => {
    let sum = 0;
    for (let word = 0; word < WORDS; word++) sum += values[word * WIDTH + feature];
    return sum / WORDS;
  });
  return values.map((value, i) => value - mean[i % WIDTH]);
}
