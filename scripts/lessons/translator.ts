import { add, scale } from "../../src/graph/elementwise.ts";
import { input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { sourceInputs } from "../../src/models/seq2seq.ts";
import { Transformer } from "../../src/models/transformer.ts";
import type { MultiHeadAttention } from "../../src/nn/attention.ts";
import type { Embedding } from "../../src/nn/embedding.ts";
import { lookAheadMask } from "../../src/nn/masks.ts";
import { Positions } from "../../src/nn/positions.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import type { FlatValues } from "../../src/runtime/parameters.ts";
import { Program } from "../../src/runtime/program.ts";
import { integers, type Value } from "../../src/runtime/value.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { type Learnt, learn } from "./learn.ts";
import { PAD, pairs, WORDS } from "./little-language.ts";

export const D_MODEL = 64;
const LONGEST = 16;

/** A translator of the little language: one layer, so that what a head reads is words and places and nothing else. */
export function translator(numHeads: number): Transformer {
  return new Transformer({
    vocabularySize: WORDS.length,
    numLayers: 1,
    dModel: D_MODEL,
    numHeads,
    dFeedForward: 128,
    dropout: 0.1,
    maxLength: LONGEST,
  });
}

/** The pairs that translators learn from. */
const EXAMPLES = 2400;

export async function learnToTranslate(engine: Engine, model: Transformer, seed: number): Promise<Learnt> {
  const task = new Seq2SeqTask(model, PAD);
  return learn(engine, { task, examples: pairs(seed, EXAMPLES), epochs: 9, batchSize: 80, peak: 5e-3, seed });
}

/** What the three attentions of a translator ask, show and carry, `[1, length, dModel]` each. */
export interface Projections {
  readonly queries: Tensor;
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** The projections of all attentions of a translator, made again from its layers, over `sourceIds` and `read`. */
export function projections(model: Transformer): Record<"encoder" | "decoder" | "cross", Projections> {
  const source = sourceInputs();
  const read = input("read", "int32", ["batch", "target"]);
  const positions = new Positions(LONGEST, D_MODEL);
  const embedded = (embedding: Embedding, ids: Tensor) =>
    add(scale(embedding.apply(ids), Math.sqrt(D_MODEL)), positions.between(0, ids.shape[1]));
  const [encoder] = model.encoder.layers;
  const [decoder] = model.decoder.layers;
  const words = embedded(model.sourceEmbedding, source.ids);
  const written = embedded(model.targetEmbedding, read);
  const informed = decoder.selfAttentionResidual.around(
    written,
    (x) => decoder.selfAttention.attend(x, decoder.selfAttention.keysAndValues(x), lookAheadMask(0, "target")).context,
  );
  return {
    encoder: projected(encoder.selfAttention, words, words),
    decoder: projected(decoder.selfAttention, written, written),
    cross: projected(decoder.crossAttention, informed, model.encode(source).y),
  };
}

/** What the encoder's attention makes of words without positional encoding. */
export function unplaced(model: Transformer): Projections {
  const words = scale(model.sourceEmbedding.apply(sourceInputs().ids), Math.sqrt(D_MODEL));
  return projected(model.encoder.layers[0].selfAttention, words, words);
}

function projected(attention: MultiHeadAttention, asking: Tensor, looked: Tensor): Projections {
  return {
    queries: attention.query.apply(asking),
    keys: attention.key.apply(looked),
    values: attention.value.apply(looked),
  };
}

/** Computes some tensors of a translator for one sentence and what has been written of it. */
export async function computed(
  engine: Engine,
  { model, weights }: { model: Transformer; weights: FlatValues },
  outputs: Readonly<Record<string, Tensor>>,
  { source, read }: { source: readonly number[]; read: readonly number[] },
): Promise<Record<string, Value>> {
  const program = await Program.compile(engine, outputs, {
    parameters: model.names(),
    values: (name) => weights.of(name),
  });
  const result = await program.run({
    sourceIds: integers([1, source.length], Int32Array.from(source)),
    sourceLengths: integers([1], Int32Array.of(source.length)),
    read: integers([1, read.length], Int32Array.from(read)),
  });
  await program.release();
  return result;
}
