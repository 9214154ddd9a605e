import { transpose } from "../graph/product.ts";
import type { CellKind } from "../nn/cells.ts";
import { Embedding } from "../nn/embedding.ts";
import { Module } from "../nn/module.ts";
import { Recurrent } from "../nn/recurrent.ts";
import { AttentionPooling } from "./attention-pooling.ts";
import type { Classified, Classifier } from "./classifier.ts";
import { ClassifierHead } from "./classifier-head.ts";
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
  readonly head: ClassifierHead;
  readonly classes: number;
  readonly vocabularySize: number;
  readonly maxLength: number;

  constructor(options: AttentionClassifierOptions) {
    super();
    const { vocabularySize, dEmbedding, hiddenSize, cell, numLayers } = options;
    this.classes = options.classes;
    this.vocabularySize = options.vocabularySize;
    this.maxLength = options.maxLength;
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
    this.head = new ClassifierHead(2 * hiddenSize, options);
  }

  classify({ ids, lengths }: SourceTensors): Classified {
    const { states, final } = this.encoder.apply(this.embedding.apply(transpose(ids)), lengths);
    const [last] = final[final.length - 1];
    if (this.attention === undefined) return { logits: this.head.apply(last), attention: {}, parts: {} };
    const { context, weights, parts } = this.attention.apply(last, transpose(states, [1, 0, 2]), lengths);
    return { logits: this.head.apply(context), attention: { pooling: weights }, parts };
  }
}
