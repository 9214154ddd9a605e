import { reshape } from "../graph/broadcast.ts";
import { dropout } from "../graph/dropout.ts";
import { relu } from "../graph/elementwise.ts";
import { transpose } from "../graph/product.ts";
import type { Tensor } from "../graph/tensor.ts";
import { additiveAttention } from "../nn/attention.ts";
import type { CellKind } from "../nn/cells.ts";
import { Embedding } from "../nn/embedding.ts";
import { glorotUniform } from "../nn/initializers.ts";
import { Linear } from "../nn/linear.ts";
import { paddingMask } from "../nn/masks.ts";
import { Module, Parameter } from "../nn/module.ts";
import { Recurrent } from "../nn/recurrent.ts";
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
  readonly attention?: Pooling;
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
    if (options.pooling === "attention") this.attention = new Pooling(2 * hiddenSize, options.attentionUnits);
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
    const [batch, time] = ids.shape;
    const timeFirst = dropout(this.embedding.apply(transpose(ids)), this.#options.dropout);
    const { states, final } = this.encoder.apply(timeFirst, lengths);
    const [last] = final[final.length - 1];
    if (this.attention === undefined) return { logits: this.#judge(last), attention: {} };
    const mask = reshape(paddingMask(lengths, time), [batch, 1, time]);
    const { context, weights } = this.attention.apply(last, transpose(states, [1, 0, 2]), mask);
    return { logits: this.#judge(context), attention: { pooling: reshape(weights, [batch, 1, 1, time]) } };
  }

  #judge(text: Tensor): Tensor {
    const hidden = dropout(relu(this.dense.apply(text)), this.#options.denseDropout);
    return asLogits(this.output.apply(hidden));
  }
}

/** Bahdanau's attention of one query over the states of a text. */
class Pooling extends Module {
  readonly keyProjection: Linear; // W₁
  readonly queryProjection: Linear; // W₂
  readonly scoring: Parameter; // v

  constructor(width: number, units: number) {
    super();
    this.keyProjection = new Linear(width, units);
    this.queryProjection = new Linear(width, units);
    this.scoring = new Parameter([units], glorotUniform(units, 1));
  }

  /** @returns context `[batch, width]`, weights `[batch, 1, time]` */
  apply(query: Tensor, states: Tensor, mask: Tensor): { context: Tensor; weights: Tensor } {
    const [batch, , width] = states.shape;
    const projected = this.queryProjection.apply(reshape(query, [batch, 1, width]));
    const keys = this.keyProjection.apply(states);
    const { context, weights } = additiveAttention(projected, keys, states, this.scoring.tensor, mask);
    return { context: reshape(context, [batch, width]), weights };
  }
}
