import { RecurrentSeq2Seq, type RecurrentSeq2SeqOptions } from "../../src/models/recurrent-seq2seq.ts";
import { Transformer } from "../../src/models/transformer.ts";
import type { Module } from "../../src/nn/module.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";

/** Pieces and words differ: "영화" is known, "영화관" is not. */
export const tokenizer = Tokenizer.train(["영화 볼까 영화 좋아요 영화 같이 볼까"], {
  kind: "bpe",
  vocabularySize: 290,
});

/** Random weights, large enough that heads and rows differ. */
export function weightsOf(model: Module): FlatValues {
  const weights = new FlatValues(new Layout(model.parameters()));
  initialize(weights, model.parameters(), 7);
  for (const [, { data }] of weights.views) for (let i = 0; i < data.length; i++) (data as Float32Array)[i] *= 2;
  return weights;
}

export function transformer(maxLength = 24) {
  const model = new Transformer({
    vocabularySize: tokenizer.vocabularySize,
    numLayers: 2,
    dModel: 16,
    numHeads: 4,
    dFeedForward: 24,
    dropout: 0.1,
    maxLength,
  });
  return { model, weights: weightsOf(model), tokenizer };
}

export function recurrent(attention: RecurrentSeq2SeqOptions["attention"]) {
  const model = new RecurrentSeq2Seq({
    vocabularySize: tokenizer.vocabularySize,
    cell: "gru",
    numLayers: 1,
    dEmbedding: 8,
    hiddenSize: 12,
    bidirectional: true,
    attention,
    dropout: 0.1,
    maxLength: 24,
  });
  return { model, weights: weightsOf(model), tokenizer };
}
