import { dropout } from "../graph/dropout.ts";
import { Embedding } from "../nn/embedding.ts";
import { Module } from "../nn/module.ts";
import { AttentionPooling } from "./attention-pooling.ts";
import { type Classified, type Classifier, meanOfReal } from "./classifier.ts";
import { ClassifierHead } from "./classifier-head.ts";
import type { SourceTensors } from "./seq2seq.ts";

/** Sizes of a {@link BagClassifier}. */
export interface BagClassifierOptions {
  vocabularySize: number;
  /** How many classes there are, at least two. */
  classes: number;
  /** Width of the embeddings. */
  dEmbedding: number;
  /** Whether words are weighed by attention with their average as query, or all count the same. */
  pooling: "attention" | "mean";
  /** Width inside the attention; without it, not used. */
  attentionUnits: number;
  /** Width of the layer before the output. */
  denseUnits: number;
  /** Dropout on the embeddings. */
  dropout: number;
  /** Dropout before the output. */
  denseDropout: number;
  /** Longest text in tokens. */
  maxLength: number;
}

/**
 * Judges texts by the average of their words' embeddings, whatever the order: the line every honest chart needs. With
 * attention the words are weighed.
 */
export class BagClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly attention?: AttentionPooling;
  readonly head: ClassifierHead;
  readonly classes: number;
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly attendsToPadding = false;
  readonly #options: BagClassifierOptions;

  constructor(options: BagClassifierOptions) {
    super();
    this.#options = options;
    this.classes = options.classes;
    this.vocabularySize = options.vocabularySize;
    this.maxLength = options.maxLength;
    this.embedding = new Embedding(options.vocabularySize, options.dEmbedding);
    if (options.pooling === "attention") {
      this.attention = new AttentionPooling(options.dEmbedding, options.attentionUnits);
    }
    this.head = new ClassifierHead(options.dEmbedding, options);
  }

  classify({ ids, lengths }: SourceTensors): Classified {
    const words = dropout(this.embedding.apply(ids), this.#options.dropout);
    const mean = meanOfReal(words, lengths);
    if (this.attention === undefined) return { logits: this.head.apply(mean), attention: {}, parts: {} };
    const { context, weights, parts } = this.attention.apply(mean, words, lengths);
    return { logits: this.head.apply(context), attention: { pooling: weights }, parts };
  }
}
