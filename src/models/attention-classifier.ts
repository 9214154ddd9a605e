import { dropout } from "../graph/dropout.ts";
import { relu } from "../graph/elementwise.ts";
import { transpose } from "../graph/product.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { CellKind } from "../nn/cells.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { Recurrent } from "../nn/recurrent.ts";
import { AttentionPooling } from "./attention-pooling.ts";
import { asLogits, type Classified, type Classifier } from "./classifier.ts";
import type { SourceTensors } from "./seq2seq.ts";

/** Sizes and choices of an {@link AttentionClassifier}. */
export interface AttentionClassifierOptions {
  vocabularySize: number;
  classes: number;
  cell: CellKind;
  /** Layers of the encoder, each read both ways. */
  numLayers: number;
  dEmbedding: number;
  /** Width of the states of each direction. */
  hiddenSize: number;
  /** Whether the states are weighted by attention, or only the last of them are used. */
  pooling: "attention" | "final";
  attentionUnits: number;
  /** Width of the layer before the output. */
  denseUnits: number;
  /** Dropout on what each recurrent layer reads. */
  dropout: number;
  /** Dropout before the output. */
  denseDropout: number;
  maxLength: number;
}

/**
 * Judges texts: recurrent layers both ways, Bahdanau's attention over the states of the last with its final state as
 * query, a dense layer and the output. It shows which words it looked at (after Yang et al. 2016, who learn the query).
 */
export class AttentionClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly encoder: Recurrent;
  readonly attention?: AttentionPooling;
  readonly dense: Linear;
  readonly output: Linear;
  readonly #options: AttentionClassifierOptions;

  constructor(options: AttentionClassifierOptions) {
    super();
    const { vocabularySize, dEmbedding, hiddenSize, cell, numLayers, denseUnits, classes } = options;
    this.#options = options;
    this.embedding = new Embedding(vocabularySize, dEmbedding);
    this.encoder = new Recurrent({
      cell,
      numLayers,
      inputSize: dEmbedding,
      hiddenSize,
      bidirectional: true,
      dropout: options.dropout,
    });
    if (options.pooling === "attention") this.attention = new AttentionPooling(2 * hiddenSize, options.attentionUnits);
    this.dense = new Linear(2 * hiddenSize, denseUnits);
    this.output = new Linear(denseUnits, classes === 2 ? 1 : classes);
  }

  get classes(): number {
    return this.#options.classes;
  }

  get vocabularySize(): number {
    return this.#options.vocabularySize;
  }

  get maxLength(): number {
    return this.#options.maxLength;
  }

  classify({ ids, lengths }: SourceTensors): Classified {
    const timeFirst = dropout(this.embedding.apply(transpose(ids)), this.#options.dropout);
    const { states, final } = this.encoder.apply(timeFirst, lengths);
    const [last] = final[final.length - 1];
    if (this.attention === undefined) return { logits: this.#judge(last), attention: {} };
    const { context, weights } = this.attention.apply(last, transpose(states, [1, 0, 2]), lengths);
    return { logits: this.#judge(context), attention: { pooling: weights } };
  }

  #judge(text: Tensor): Tensor {
    const hidden = dropout(relu(this.dense.apply(text)), this.#options.denseDropout);
    return asLogits(this.output.apply(hidden));
  }
}
